import { setImmediate as nextTurn } from 'node:timers/promises'
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
  let isOff = false
  let writing = Promise.resolve()
  const stop = (error: unknown) => {
    if (isOff) return
    isOff = true
    waiting.length = 0
    failed(error)
  }
  const writeWaiting = async () => {
    while (waiting.length > 0) {
      const calls: RecordedCall[] = []
      for (const exchange of waiting.splice(0, 32)) {
        const call = redaction.call(exchange, began)
        if (wants(call.method)) calls.push(call)
        // Between two of them the calls that pass have their turn.
        await nextTurn()
      }
      await writer.write(calls)
      figures.recorded += calls.length
    }
  }
  const add = (exchange: Exchange) => {
    if (waiting.length >= mostWaiting) figures.dropped++
    else if (waiting.push(exchange) === 1) writing = writing.then(writeWaiting).catch(stop)
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
      await writing
      await writer.close()
    },
  }
}
