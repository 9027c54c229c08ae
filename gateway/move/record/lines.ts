import { matcherOf } from '../compare/method-patterns.js'
import { bytesOf, type Exchange } from '../traffic/exchange.js'
import { unpacked } from '../traffic/observe-exchange.js'
import { openRecord } from './files.js'
import type { FromRecordThread, RecordSettings } from './messages.js'
import { createRedaction } from '../traffic/redaction.js'

/** The lines of a record, as they come to be. */
export interface RecordLines {
  /** Writes those that are wanted, after all that was given before, and tells how many there were. */
  add(exchanges: readonly Exchange[]): void
  /** Closes the file once all is written. */
  close(): Promise<void>
}

/** Exchanges that are unpacked and held at once: each may be some megabytes by then. */
const mostAtOnce = 20

/**
 * Opens a record, and tells what becomes of it. After a failure nothing is written any more.
 *
 * @throws Error as the file system says it, where no file can be begun
 */
export async function openLines(
  { folder, key, rotateAt, mostBytes, methods, keepSignatures = false }: RecordSettings,
  tell: (message: FromRecordThread) => void,
): Promise<RecordLines> {
  const began = Date.now()
  const head = {
    format: 'passport-gateway record',
    version: 1,
    began,
    key: key.fingerprint,
    keepsSignatures: keepSignatures,
  } as const
  const writer = await openRecord({ folder, rotateAt, mostBytes, head })
  const redaction = createRedaction(Buffer.from(key.bytes), { keepSignatures })
  const wants = matcherOf(methods)
  let hasFailed = false
  let writing = Promise.resolve()
  const fail = (error: unknown) => {
    if (hasFailed) return
    hasFailed = true
    tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) })
  }
  return {
    add(exchanges) {
      const write = async (some: readonly Exchange[]) => {
        if (hasFailed) return
        const calls = some.map((exchange) => redaction.call(unpacked(exchange), began))
        const wanted = calls.filter(({ method }) => wants(method))
        await writer.write(wanted)
        const bytes = some.reduce((sum, exchange) => sum + bytesOf(exchange), 0)
        tell({ kind: 'written', exchanges: some.length, bytes, recorded: wanted.length })
      }
      for (let at = 0; at < exchanges.length; at += mostAtOnce) {
        const some = exchanges.slice(at, at + mostAtOnce)
        writing = writing.then(() => write(some)).catch(fail)
      }
    },
    async close() {
      await writing
      await writer.close()
    },
  }
}
