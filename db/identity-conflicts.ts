import type { Knex } from 'knex'
import type { IdentityKind } from './identities.js'
import { insertSlices } from './statement-size.js'

/** A number, an e-mail or a WeChat identity that two users of the old shop had; the one of `kept_user_id` was kept. */
export interface IdentityConflictRow {
  kind: IdentityKind
  value: string
  user_id: number
  kept_user_id: number
  found_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    identity_conflict: IdentityConflictRow
  }
}

export async function insertConflicts(db: Knex, rows: readonly IdentityConflictRow[]): Promise<void> {
  await insertSlices(rows, (some) => db('identity_conflict').insert(some).onConflict().ignore())
}

/** Notes that two users have the same; returns whether it was not known yet. */
export async function noteConflict(db: Knex, row: IdentityConflictRow): Promise<boolean> {
  const { kind, value, user_id } = row
  if (await db('identity_conflict').where({ kind, value, user_id }).first('user_id')) return false
  await insertConflicts(db, [row])
  return true
}

/** Oldest users first. */
export async function listConflicts(db: Knex, most: number): Promise<IdentityConflictRow[]> {
  return db('identity_conflict').orderBy(['kind', 'value', 'user_id']).limit(most)
}

export async function countConflicts(db: Knex): Promise<number> {
  const row = await db('identity_conflict').count({ conflicts: '*' }).first()
  return Number(row?.['conflicts'] ?? 0)
}
