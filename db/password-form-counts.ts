import type { Knex } from 'knex'

/** How many users had passwords of which form on a day, as they were counted last. */
export interface PasswordFormCountRow {
  /** `2026-01-31`, in UTC. */
  counted_on: string
  counted_at: number
  /** JSON: forms, and how many users. */
  counts: string
}

declare module 'knex/types/tables.js' {
  interface Tables {
    password_form_count: PasswordFormCountRow
  }
}

/** The newest days first. */
export async function listPasswordFormCounts(db: Knex, most: number): Promise<PasswordFormCountRow[]> {
  return db('password_form_count').orderBy('counted_on', 'desc').limit(most)
}

/** Saves what a day's last count found. */
export async function savePasswordFormCount(db: Knex, row: PasswordFormCountRow): Promise<void> {
  await db('password_form_count').insert(row).onConflict('counted_on').merge()
}

/** Deletes what was counted before `before` (ms); returns how many days went. */
export async function deletePasswordFormCounts(db: Knex, before: number): Promise<number> {
  return db('password_form_count').where('counted_at', '<', before).delete()
}
