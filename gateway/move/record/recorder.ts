import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Observe } from '../proxy/observer.js'
import { bytesOf, type Exchange } from '../traffic/exchange.js'
import { clientOf, isSampled, observeExchange } from '../traffic/observe-exchange.js'
import type { FromRecordThread, RecordSettings, ToRecordThread } from './messages.js'

export interface RecorderOptions extends RecordSettings {
  /** The share of callers, 0 to 1, whose calls are recorded: all of a caller's or none. */
  readonly sample: number
  /** Told once, when recording has stopped for good; the calls pass on. */
  readonly failed: (reason: string) => void
}

/** What a recorder has done so far. */
interface RecorderFigures {
  recorded: number
  /** Left out because more came in than could be written, or was waiting when the recorder ended. */
  dropped: number
}

export interface Recorder {
  readonly observe: Observe
  readonly figures: Readonly<RecorderFigures>
  /** Writes what has been seen so far, for twenty seconds at most, and closes the file. */
  close(): Promise<void>
}

/** Exchanges that may wait to be written, and their bytes. */
const mostWaiting = 5000
const mostWaitingBytes = 64 * 1024 * 1024

/** Milliseconds for which exchanges are gathered: to wake the thread costs more than to hand it one more. */
const gatheringTime = 50

/** MiB that the thread may use. */
const mostMemory = 512

/** Milliseconds in which what still waits at the end is written: less than what supervisors give a process to end. */
const closingPatience = 20_000

/**
 * Opens a record and gives the observer that fills it. A thread redacts and writes: the calls that pass wait for neither.
 *
 * @throws Error where the record can't be begun
 */
export async function startRecorder({ sample, failed, ...settings }: RecorderOptions): Promise<Recorder> {
  const file = new URL(`./record-thread${extname(fileURLToPath(import.meta.url))}`, import.meta.url)
  // Who first asks for a file starts Node's pool, whose threads have the priority of that one: it must not be the recorder's.
  await stat(file)
  const thread = new Worker(file, {
    workerData: settings satisfies RecordSettings,
    resourceLimits: { maxOldGenerationSizeMb: mostMemory },
  })
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
  // The first message says that a file is open; what the thread throws before is thrown here.
  if (!(await Promise.race([once(thread, 'message'), ended]))) throw new Error(endedEarly)
  const figures: RecorderFigures = { recorded: 0, dropped: 0 }
  const waiting = { exchanges: 0, bytes: 0 }
  let gathered: Exchange[] = []
  let isOff = false
  const stop = (reason: string) => {
    if (isOff) return
    isOff = true
    void thread.terminate()
    failed(reason)
  }
  thread.on('message', (message: FromRecordThread) => {
    if (message.kind === 'failed') stop(message.reason)
    if (message.kind !== 'written') return
    waiting.exchanges -= message.exchanges
    waiting.bytes -= message.bytes
    figures.recorded += message.recorded
  })
  thread.on('error', (error) => stop(error.message))
  let isClosing = false
  void ended.then(() => {
    if (!isClosing) stop(endedEarly)
  })
  const giveGathered = () => {
    const exchanges = gathered
    gathered = []
    // Given by `close`, or given up.
    if (exchanges.length > 0 && !isOff) post(thread, { kind: 'exchanges', exchanges })
  }
  const add = (exchange: Exchange) => {
    const bytes = bytesOf(exchange)
    if (waiting.exchanges >= mostWaiting || waiting.bytes + bytes > mostWaitingBytes) {
      figures.dropped++
      return
    }
    waiting.exchanges++
    waiting.bytes += bytes
    if (gathered.push(exchange) === 1) setTimeout(giveGathered, gatheringTime)
  }
  return {
    figures,
    observe: (call) => {
      const client = clientOf(call)
      return isOff || !isSampled(settings.key.bytes, client, sample)
        ? undefined
        : observeExchange(call, client, add)
    },
    async close() {
      isClosing = true
      giveGathered()
      if (!isOff) post(thread, { kind: 'close' })
      const late = setTimeout(() => void thread.terminate(), closingPatience)
      await ended
      clearTimeout(late)
      figures.dropped += waiting.exchanges
    },
  }
}

const endedEarly = 'the thread that records has ended'

function post(thread: Worker, message: ToRecordThread): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  thread.postMessage(message)
}
