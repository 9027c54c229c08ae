import type { Exchange } from '../traffic/exchange.js'
import type { RecordKey } from './key.js'
import type { RedactionOptions } from '../traffic/redaction.js'

/** What the thread that records starts with: data alone, no functions. */
export interface RecordSettings extends RedactionOptions {
  readonly folder: string
  readonly key: RecordKey
  /** Bytes after which a new file begins. */
  readonly rotateAt: number
  /** Bytes of the whole record. */
  readonly mostBytes: number
  /** Methods whose calls are recorded, by name or pattern; none for all. */
  readonly methods: readonly string[]
}

/** What the thread is told. */
export type ToRecordThread =
  | { readonly kind: 'exchanges'; readonly exchanges: readonly Exchange[] }
  | { readonly kind: 'close' }

/** What it tells. */
export type FromRecordThread =
  | { readonly kind: 'ready' }
  /** So many exchanges, with so many bytes, are dealt with, and some of them recorded: all that were wanted. */
  | {
      readonly kind: 'written'
      readonly exchanges: number
      readonly bytes: number
      readonly recorded: number
    }
  /** Nothing is written any more. */
  | { readonly kind: 'failed'; readonly reason: string }
