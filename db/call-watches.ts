import type { Knex } from 'knex'
import { insertSlices } from './statement-size.js'

/** Who watches whose calls until when. */
export interface CallWatchRow {
  watch_id: string
  kind: 'app' | 'user'
  /** The name of the application, or the user's id. */
  subject: string
  admin_id: number
  started_at: number
  ends_at: number
  /** Until then what was seen may be read. */
  expires_at: number
}

/** A call that was seen, without anything secret. */
export interface WatchedCallRow {
  call_id: number
  watch_id: string
  /** 1 for a call that is of what is watched for certain, 0 for one that only says so. */
  is_proved: number
  happened_at: number
  /** JSON (methods/rules/observation/watched-calls.ts). */
  content: string
  expires_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    call_watch: CallWatchRow
    watched_call: WatchedCallRow
  }
}

/** Those that have not ended. */
export async function listCallWatches(db: Knex, now: number): Promise<CallWatchRow[]> {
  return db('call_watch').where('expires_at', '>', now).andWhere('ends_at', '>', now).orderBy('started_at')
}

export async function findCallWatch(db: Knex, watchId: string): Promise<CallWatchRow | undefined> {
  return db('call_watch').where({ watch_id: watchId }).first()
}

export async function insertCallWatch(db: Knex, row: CallWatchRow): Promise<void> {
  await db('call_watch').insert(row)
}

/** Ends a watch at `now`, where it has not ended; returns whether it did. */
export async function endCallWatch(db: Knex, watchId: string, now: number): Promise<boolean> {
  const live = db('call_watch').where({ watch_id: watchId }).andWhere('ends_at', '>', now)
  return (await live.update({ ends_at: now })) > 0
}

export async function insertWatchedCalls(
  db: Knex,
  rows: readonly Omit<WatchedCallRow, 'call_id'>[],
): Promise<void> {
  await insertSlices(rows, (some) => db('watched_call').insert(some))
}

/** The newest calls of a watch first. */
export async function listWatchedCalls(
  db: Knex,
  watchId: string,
  most: number,
): Promise<Pick<WatchedCallRow, 'call_id' | 'is_proved' | 'happened_at' | 'content'>[]> {
  return db('watched_call')
    .where({ watch_id: watchId })
    .orderBy([
      { column: 'happened_at', order: 'desc' },
      { column: 'call_id', order: 'desc' },
    ])
    .limit(most)
    .select('call_id', 'is_proved', 'happened_at', 'content')
}

/** Of a watch keeps the newest calls, proved or not, `most` of them and those of the same moment. */
export async function trimWatchedCalls(
  db: Knex,
  which: Pick<WatchedCallRow, 'watch_id' | 'is_proved'>,
  most: number,
): Promise<void> {
  const own = () => db('watched_call').where(which)
  const first = await own()
    .orderBy('happened_at', 'desc')
    .offset(most - 1)
    .first('happened_at')
  if (first) await own().where('happened_at', '<', first.happened_at).delete()
}
