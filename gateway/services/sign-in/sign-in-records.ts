import { setTimeout as sleep } from 'node:timers/promises'
import type { NewAuditEntry } from '../../../db/audit-entries.js'
import { isRefusedRow } from '../../../db/transaction.js'
import type { SignedInAt } from '../../../db/user-logins.js'
import type { Log } from '../telemetry/log.js'

/** What a sign-in, or a refused one, leaves behind besides its session. */
export interface SignInRecord {
  readonly audit: NewAuditEntry
  /** A sign-in for the history; absent: nobody was signed in. */
  readonly signedIn?: SignedInAt
  /** Whether the user's own row counts it already. */
  readonly isCounted?: boolean
}

/**
 * Records that are written after their calls were answered, many at once, within a second. A process that is
 * killed loses those that wait, so nothing may be among them that a caller was told to be changed.
 */
export interface SignInRecords {
  /** Takes a record to write soon; false while too many wait: then it is the caller's to write. */
  add(record: SignInRecord): boolean
  /** Writes what waits now. Throws what the database throws; what could not be written is tried again. */
  flush(): Promise<void>
  /** How many wait, for the metrics. */
  waiting(): number
  /** Writes what waits; what a database does not take even now is in the log. */
  close(): Promise<void>
}

interface Dependencies {
  /** Writes records, all or none. */
  readonly write: (records: readonly SignInRecord[]) => Promise<void>
  readonly log: Log
  /** How many may wait. */
  readonly most?: number
}

/** Milliseconds that a record waits for others, and that pass before those are tried again which could not be written. */
const collectMilliseconds = 500
const retryMilliseconds = 1000
/** Few, as each number of rows is a statement of its own that a connection keeps. */
const recordsAtOnce = 25
const closingTries = 3
/** A database that has not answered for so long, in milliseconds, is not asked again. */
const closingMilliseconds = 3000

export function createSignInRecords({ write, log, most = 5000 }: Dependencies): SignInRecords {
  const waiting: SignInRecord[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined

  const writeAll = async () => {
    /** Of a batch that was refused for what is in one of its rows, how many are still to be written one by one. */
    let alone = 0
    while (waiting.length > 0) {
      const some = waiting.slice(0, alone > 0 ? 1 : recordsAtOnce)
      try {
        await write(some)
      } catch (error) {
        if (!isRefusedRow(error)) throw error
        if (some.length > 1) {
          alone = some.length
          continue
        }
        for (const record of some) logLost(log, record, error)
      }
      waiting.splice(0, some.length)
      alone = Math.max(0, alone - some.length)
    }
  }
  const flush = () => {
    writing ??= writeAll().finally(() => (writing = undefined))
    return writing
  }
  const flushIn = (milliseconds: number) => {
    timer ??= setTimeout(() => {
      timer = undefined
      flush().catch((error: unknown) => {
        log.warn({ error, count: waiting.length }, 'records of sign-ins could not be written yet')
        flushIn(retryMilliseconds)
      })
    }, milliseconds).unref()
  }
  return {
    add(record) {
      if (waiting.length >= most) return false
      waiting.push(record)
      flushIn(collectMilliseconds)
      return true
    },
    flush,
    waiting: () => waiting.length,
    async close() {
      const began = performance.now()
      for (let attempt = 1; waiting.length > 0; attempt++) {
        try {
          await flush()
        } catch (error) {
          const isWorthATry = attempt < closingTries && performance.now() - began < closingMilliseconds
          if (isWorthATry) await sleep(retryMilliseconds / 2)
          else for (const record of waiting.splice(0)) logLost(log, record, error)
        }
      }
      clearTimeout(timer)
    },
  }
}

/** The log is where a record is found that no table has. */
function logLost(log: Log, { audit }: SignInRecord, error: unknown): void {
  const { action: method, outcome: reason, target_id: userId, ip } = audit
  log.error({ method, reason, userId, ip, error }, 'a record of a sign-in was not written')
}
