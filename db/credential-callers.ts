import type { Knex } from 'knex'
import { isMysql } from './connect.js'
import { insertSlices } from './statement-size.js'

/** How often an application called a method with a password in the query, from one network with one version. */
export interface CredentialCallerRow {
  /** `none` for calls that nobody signed. */
  app_name: string
  method: string
  /** An IPv4 /24 or IPv6 /48; empty for those that one row counts together. */
  network: string
  /** What the client said; mostly empty. */
  client_version: string
  calls: number
  /** Milliseconds. */
  first_seen_at: number
  last_seen_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    credential_caller: CredentialCallerRow
  }
}

const key = ['app_name', 'method', 'network', 'client_version'] as const

/** Adds calls to those that are known of each caller. The rows are in the order of their keys, or nodes deadlock. */
export async function addCredentialCallers(db: Knex, rows: readonly CredentialCallerRow[]): Promise<void> {
  const given = isMysql(db) ? 'values(??)' : 'excluded.??'
  await insertSlices(rows, (some) =>
    db('credential_caller')
      .insert(some)
      .onConflict([...key])
      .merge({
        calls: db.raw(`credential_caller.calls + ${given}`, ['calls']),
        last_seen_at: db.raw(given, ['last_seen_at']),
      }),
  )
}

/** Of an application's callers keeps those that were seen last, `most` of them and who was seen in the same moment. */
export async function trimCredentialCallers(db: Knex, app: string, most: number): Promise<void> {
  const own = () => db('credential_caller').where({ app_name: app })
  const first = await own()
    .orderBy('last_seen_at', 'desc')
    .offset(most - 1)
    .first('last_seen_at')
  if (first) await own().where('last_seen_at', '<', first.last_seen_at).delete()
}

/** Forgets who was last seen before `before` (ms); returns how many. */
export async function deleteCredentialCallers(db: Knex, before: number): Promise<number> {
  return db('credential_caller').where('last_seen_at', '<', before).delete()
}

/** Of one application or of all, those that call most first. */
export async function listCredentialCallers(db: Knex, app?: string): Promise<CredentialCallerRow[]> {
  const all = db('credential_caller')
  return (app === undefined ? all : all.where({ app_name: app })).orderBy([
    'app_name',
    { column: 'calls', order: 'desc' },
    'method',
    'network',
    'client_version',
  ])
}
