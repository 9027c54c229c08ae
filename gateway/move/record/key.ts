import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'

/** The secret under which values are hidden. Whoever has it can try guesses at them, so it stays off the record. */
export interface RecordKey {
  readonly bytes: Buffer
  /** Tells one key from another, and nothing of either. */
  readonly fingerprint: string
}

/**
 * Reads a key, or makes a new one in a file that its owner alone may read.
 *
 * @throws Error for a file that holds no key, or that can't be read or written
 */
export function openRecordKey(file: string, mayMake: boolean): RecordKey {
  if (mayMake) makeIfAbsent(file)
  const text = readFileSync(file, 'utf8').trim()
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${file} holds no key of a record: 64 hexadecimal digits`)
  return keyOf(Buffer.from(text, 'hex'))
}

/** A key of these bytes. */
export function keyOf(bytes: Buffer): RecordKey {
  return {
    bytes,
    fingerprint: createHash('sha256').update('record key ').update(bytes).digest('hex').slice(0, 16),
  }
}

function makeIfAbsent(file: string): void {
  try {
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}
