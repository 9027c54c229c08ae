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
  /**
   * Keeps a call for a watch, to be written within a second; more than twenty a second are counted only, and then the
   * networks that call most give way to others: who has the key of a public application can't hide what else is called.
   * Calls that only say that they are of what is watched, which anybody can send, have twenty of their own.
   */
  keep(watch: LiveWatch, call: KeptCall): void
  /** Reads who watches; what another node has begun shows within two seconds, with Redis at once. */
  refresh(): Promise<void>
  /** Writes what was kept. */
  flush(): Promise<void>
  /** Drops what was kept; no longer by itself. */
  close(): void
}

/** A call that is kept. */
interface KeptCall {
  /** Whether it was proved that it is of what is watched: signed, or signed in. */
  readonly isProved: boolean
  readonly content: WatchedContent
}

interface WatchedContent {
  /** Where the call came from, as far as it is shown. */
  readonly network: string
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
/** Calls of a watch that a process writes at once, proved and unproved ones each. */
const mostAtOnce = 20
/** Calls that are kept of a watch in all: anybody can send unproved ones. */
export const mostWatchedCalls = { proved: 500, unproved: 200 } as const

type Proof = keyof typeof mostWatchedCalls

interface BatchedCall {
  readonly happened_at: number
  readonly content: WatchedContent
}

interface Batch {
  readonly watch: LiveWatch
  readonly proof: Proof
  readonly rows: BatchedCall[]
  skipped: number
}

export function createCallWatches({ db, cache, clock, log, isOn }: Dependencies): CallWatches {
  let live: readonly LiveWatch[] | undefined
  let batches = new Map<string, Batch>()
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
    for (const batch of kept.values()) await transaction({ db }, ({ db }) => writeBatch(db, batch))
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
    keep(watch, { isProved, content }) {
      const now = clock.now()
      if (now >= watch.ends_at) return
      const proof = isProved ? 'proved' : 'unproved'
      const key = `${watch.watch_id} ${proof}`
      const batch = batches.get(key) ?? { watch, proof, rows: [], skipped: 0 }
      batches.set(key, batch)
      addFairly(batch, { happened_at: now, content })
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

/** A full batch has no room but that of a network with more calls in it than this one's will have then. */
function addFairly(batch: Batch, call: BatchedCall): void {
  const { rows } = batch
  if (rows.length >= mostAtOnce) {
    batch.skipped++
    const countOf = (network: string) => rows.filter(({ content }) => content.network === network).length
    const counts = rows.map(({ content }) => countOf(content.network))
    const most = Math.max(...counts)
    if (most <= countOf(call.content.network) + 1) return
    rows.splice(counts.lastIndexOf(most), 1)
  }
  rows.push(call)
}

/** Of a batch the last call says how many were left out. */
async function writeBatch(
  db: Knex.Transaction,
  { watch: { watch_id, expires_at }, proof, rows, skipped }: Batch,
): Promise<void> {
  const is_proved = proof === 'proved' ? 1 : 0
  const written = rows.map(({ happened_at, content }, at) => ({
    watch_id,
    is_proved,
    happened_at,
    content: JSON.stringify(at === rows.length - 1 && skipped > 0 ? { ...content, skipped } : content),
    expires_at,
  }))
  await insertWatchedCalls(db, written)
  await trimWatchedCalls(db, { watch_id, is_proved }, mostWatchedCalls[proof])
}

async function namesOf(db: Knex, { kind, subject }: CallWatchRow): Promise<ReadonlySet<string>> {
  const user = kind === 'user' ? await findUserBy(db, ['uid', Number(subject)]) : undefined
  const { user_account = '', mobile, email } = user ?? {}
  const names = [user_account, mobile, mobile?.replace(/^\+86/, ''), email]
  return new Set(names.flatMap((name) => (name ? [name.toLowerCase()] : [])))
}
