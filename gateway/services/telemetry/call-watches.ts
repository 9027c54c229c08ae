import type { Knex } from 'knex'
import {
  type CallWatchRow,
  insertWatchedCalls,
  listCallWatches,
  trimWatchedCalls,
} from '../../../db/call-watches.js'
import { transaction } from '../../../db/transaction.js'
import { findUserBy } from '../../../db/user-lookups.js'
import type { Cache } from '../cache.js'
import type { Clock } from '../clock.js'
import { describeError, type Log } from './log.js'

/** A watch whose calls are looked for. */
export interface LiveWatch extends CallWatchRow {
  /** By which names the user may sign in: calls with one of these concern the user too. Held in memory only. */
  readonly names: ReadonlySet<string>
}

/** What an administrator watches: calls of one application or user, on all nodes, for some minutes. */
export interface CallWatches {
  /** Undefined while nobody watches: then nothing is done for a call. */
  readonly live: readonly LiveWatch[] | undefined
  /** Keeps a call for a watch, to be written within a second; more than twenty a second are counted only. */
  keep(watch: LiveWatch, content: object): void
  /** Reads who watches; what another node has begun shows within two seconds, with Redis at once. */
  refresh(): Promise<void>
  /** Writes what was kept. */
  flush(): Promise<void>
  /** Drops what was kept; no longer by itself. */
  close(): void
}

interface Dependencies {
  readonly db: Knex
  readonly cache: Cache
  readonly clock: Clock
  readonly log: Log
  /** Whether anybody can watch. */
  readonly isOn: boolean
}

/** Dropped whenever a watch begins or ends. */
export const watchesKey = 'call-watches'
const refreshMilliseconds = 2000
const flushMilliseconds = 1000
/** Calls of a watch that a process writes at once, and that are kept of a watch in all. */
const mostAtOnce = 20
export const mostWatchedCalls = 500

interface Batch {
  readonly rows: { readonly happened_at: number; readonly content: object }[]
  skipped: number
}

export function createCallWatches({ db, cache, clock, log, isOn }: Dependencies): CallWatches {
  let live: readonly LiveWatch[] | undefined
  let batches = new Map<LiveWatch, Batch>()
  let flushing: NodeJS.Timeout | undefined

  const refresh = async () => {
    const rows = await listCallWatches(db, clock.now())
    const known = new Map(live?.map((watch) => [watch.watch_id, watch]))
    const watches: LiveWatch[] = []
    for (const row of rows) watches.push(known.get(row.watch_id) ?? { ...row, names: await namesOf(db, row) })
    live = watches.length > 0 ? watches : undefined
  }
  const flush = async () => {
    const kept = batches
    batches = new Map()
    flushing = undefined
    for (const [watch, batch] of kept) await transaction({ db }, ({ db }) => writeBatch(db, watch, batch))
  }
  const orTell = (work: () => Promise<void>) => () =>
    void work().catch((error: unknown) =>
      log.warn({ reason: String(describeError(error)['code']) }, 'calls could not be watched'),
    )
  const timer = isOn ? setInterval(orTell(refresh), refreshMilliseconds).unref() : undefined
  if (isOn) cache.onDrop((key) => key === watchesKey && orTell(refresh)())
  return {
    get live() {
      return live
    },
    keep(watch, content) {
      const now = clock.now()
      if (now >= watch.ends_at) return
      const batch = batches.get(watch) ?? { rows: [], skipped: 0 }
      batches.set(watch, batch)
      if (batch.rows.length < mostAtOnce) batch.rows.push({ happened_at: now, content })
      else batch.skipped++
      flushing ??= setTimeout(orTell(flush), flushMilliseconds).unref()
    },
    refresh,
    flush,
    close() {
      clearInterval(timer)
      clearTimeout(flushing)
      live = undefined
      batches.clear()
    },
  }
}

/** Of a batch the last call says how many were left out. */
async function writeBatch(
  db: Knex.Transaction,
  { watch_id, expires_at }: LiveWatch,
  { rows, skipped }: Batch,
): Promise<void> {
  const written = rows.map(({ happened_at, content }, at) => ({
    watch_id,
    happened_at,
    content: JSON.stringify(at === rows.length - 1 && skipped > 0 ? { ...content, skipped } : content),
    expires_at,
  }))
  await insertWatchedCalls(db, written)
  await trimWatchedCalls(db, watch_id, mostWatchedCalls)
}

async function namesOf(db: Knex, { kind, subject }: CallWatchRow): Promise<ReadonlySet<string>> {
  const user = kind === 'user' ? await findUserBy(db, ['uid', Number(subject)]) : undefined
  const { user_account = '', mobile, email } = user ?? {}
  const names = [user_account, mobile, mobile?.replace(/^\+86/, ''), email]
  return new Set(names.flatMap((name) => (name ? [name.toLowerCase()] : [])))
}
