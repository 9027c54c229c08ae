import type { Observe } from '../proxy/observer.js'
import type { Exchange } from './exchange.js'
import { clientOf, isSampled, observeExchange, unpacked } from './observe-exchange.js'
import type { RecordKey } from './record-key.js'
import { openRecord } from './record-files.js'
import type { RecordedCall } from './recorded-call.js'
import { createRedaction, type RedactionOptions } from './redaction.js'

export interface RecorderOptions extends RedactionOptions {
  readonly folder: string
  readonly key: RecordKey
  readonly rotateAt: number
  readonly mostBytes: number
  /** The share of callers, 0 to 1, whose calls are recorded: all of a caller's or none. */
  readonly sample: number
  /** Whether a method's calls are recorded. */
  readonly wants: (method: string) => boolean
  /** Told once, when recording has stopped for good; the calls pass on. */
  readonly failed: (error: unknown) => void
}

/** What a recorder has done so far. */
interface RecorderFigures {
  recorded: number
  /** Left out because more came in than could be written. */
  dropped: number
}

export interface Recorder {
  readonly observe: Observe
  readonly figures: Readonly<RecorderFigures>
  /** Writes what has been seen so far, and closes the file. */
  close(): Promise<void>
}

/** Exchanges that may wait to be written. */
const mostWaiting = 5000

/** Milliseconds between two writes: one takes this process as long as a call or two, whatever its size. */
const gatheringTime = 100

/** Opens a record and gives the observer that fills it. */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  const {
    key,
    folder,
    rotateAt,
    mostBytes,
    sample,
    wants,
    failed,
    keepSignatures: keepsSignatures = false,
  } = options
  const began = Date.now()
  const head = {
    format: 'passport-gateway record',
    version: 1,
    began,
    key: key.fingerprint,
    keepsSignatures,
  } as const
  const writer = await openRecord({ folder, rotateAt, mostBytes, head })
  const redaction = createRedaction(key.bytes, options)
  const figures: RecorderFigures = { recorded: 0, dropped: 0 }
  const waiting: Exchange[] = []
  let ready: RecordedCall[] = []
  let unwritten = 0
  let isOff = false
  let writing = Promise.resolve()
  const stop = (error: unknown) => {
    if (isOff) return
    isOff = true
    waiting.length = 0
    ready = []
    failed(error)
  }
  const writeReady = () => {
    const calls = ready
    ready = []
    // Written by `close`, or given up.
    if (calls.length === 0) return
    const write = async () => {
      if (isOff) return
      await writer.write(calls)
      unwritten -= calls.length
      figures.recorded += calls.length
    }
    writing = writing.then(write).catch(stop)
  }
  const redactNext = () => {
    const exchange = waiting.shift()
    if (exchange === undefined) return
    try {
      const call = redaction.call(exchange, began)
      if (!wants(call.method)) unwritten--
      else if (ready.push(call) === 1) setTimeout(writeReady, gatheringTime)
    } catch (error) {
      stop(error)
    }
    // Between two of them the calls that pass have their turn.
    if (waiting.length > 0) setImmediate(redactNext)
  }
  const add = (exchange: Exchange) => {
    if (unwritten >= mostWaiting) {
      figures.dropped++
      return
    }
    unwritten++
    if (waiting.push(exchange) === 1) setImmediate(redactNext)
  }
  return {
    figures,
    observe: (call) => {
      const client = clientOf(call)
      return isOff || !isSampled(key.bytes, client, sample)
        ? undefined
        : observeExchange(call, client, (exchange) => add(unpacked(exchange)))
    },
    async close() {
      while (waiting.length > 0) redactNext()
      writeReady()
      await writing
      await writer.close()
    },
  }
}
