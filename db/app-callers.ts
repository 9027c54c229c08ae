import type { Knex } from 'knex'
import { isMysql } from './connect.js'
import { insertSlices } from './statement-size.js'

/** How often an application has called with one version of its client. */
export interface AppCallerRow {
  app_name: string
  /** What the client said; empty for none, and for those that one row counts together. */
  client_version: string
  calls: number
  /** Milliseconds. */
  first_seen_at: number
  last_seen_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    app_caller: AppCallerRow
  }
}

/** Adds calls to those that are known. The rows are in the order of their keys, or nodes deadlock. */
export async function addAppCallers(db: Knex, rows: readonly AppCallerRow[]): Promise<void> {
  const given = isMysql(db) ? 'values(??)' : 'excluded.??'
  const latest = isMysql(db) ? 'greatest' : 'max'
  await insertSlices(rows, (some) =>
    db('app_caller')
      .insert(some)
      .onConflict(['app_name', 'client_version'])
      .merge({
        calls: db.raw(`app_caller.calls + ${given}`, ['calls']),
        last_seen_at: db.raw(`${latest}(app_caller.last_seen_at, ${given})`, ['last_seen_at']),
      }),
  )
}

/** Of an application's versions keeps those that were seen last, `most` of them and who was seen in the same moment. */
export async function trimAppCallers(db: Knex, app: string, most: number): Promise<void> {
  const own = () => db('app_caller').where({ app_name: app })
  const first = await own()
    .orderBy('last_seen_at', 'desc')
    .offset(most - 1)
    .first('last_seen_at')
  if (first) await own().where('last_seen_at', '<', first.last_seen_at).delete()
}

/** Of an application or of all, those that were seen last first. */
export async function listAppCallers(db: Knex, app?: string): Promise<AppCallerRow[]> {
  const all = db('app_caller')
  return (app === undefined ? all : all.where({ app_name: app })).orderBy([
    { column: 'last_seen_at', order: 'desc' },
    'app_name',
    'client_version',
  ])
}

/** Forgets who was last seen before `before` (ms); returns how many. */
export async function deleteAppCallers(db: Knex, before: number): Promise<number> {
  return db('app_caller').where('last_seen_at', '<', before).delete()
}
