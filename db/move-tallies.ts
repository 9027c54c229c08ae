import type { Knex } from 'knex'
import { insertSlices } from './statement-size.js'

/** What one proxy has seen of a method on one side in a minute. */
export interface MoveTallyRow {
  node: string
  method: string
  /** `old` or `new`. */
  side: string
  /** When the minute began, in milliseconds. */
  minute: number
  calls: number
  errors: number
  /** Answers that were compared with those of the other side, and how many differed. */
  compared: number
  differing: number
  /** How many answers took how long: a comma list, one number for each bound. */
  slots: string
  expires_at: number
}

/** A proxy that asks the database for routes. */
export interface MoveProxyRow {
  node: string
  /** Milliseconds. */
  seen_at: number
  /** When the newest route that it follows was changed; 0 for none. */
  follows: number
  expires_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    move_tally: MoveTallyRow
    move_proxy: MoveProxyRow
  }
}

/** Stores minutes of one proxy in place of what it has stored of them before. */
export async function saveMoveTallies(db: Knex, rows: readonly MoveTallyRow[]): Promise<void> {
  await insertSlices(rows, (some) =>
    db('move_tally').insert(some).onConflict(['node', 'method', 'side', 'minute']).merge(),
  )
}

/** All proxies' minutes that began at `since` (ms) or later. */
export async function listMoveTallies(db: Knex, since: number): Promise<MoveTallyRow[]> {
  return db('move_tally').where('minute', '>=', since).orderBy(['method', 'side', 'node'])
}

/** Notes that a proxy is there. */
export async function saveMoveProxy(db: Knex, row: MoveProxyRow): Promise<void> {
  await db('move_proxy').insert(row).onConflict('node').merge()
}

/** Forgets a proxy that has stopped. */
export async function deleteMoveProxy(db: Knex, node: string): Promise<void> {
  await db('move_proxy').where({ node }).delete()
}

/** Those that have asked since `since` (ms). */
export async function listMoveProxies(db: Knex, since: number): Promise<MoveProxyRow[]> {
  return db('move_proxy').where('seen_at', '>=', since).orderBy('node')
}
