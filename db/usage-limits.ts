import type { Knex } from 'knex'

/** How much of a limit is used in the window that runs until `resets_at`. */
export interface UsageLimitRow {
  name: string
  used: number
  resets_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    usage_limit: UsageLimitRow
  }
}

/**
 * The named rows, made if missing, locked until the transaction ends. Locked in the order of their names, so that
 * two transactions that want the same rows never wait for each other.
 */
export async function lockUsage(db: Knex, names: readonly string[]): Promise<Map<string, UsageLimitRow>> {
  const sorted = [...new Set(names)].sort()
  if (sorted.length === 0) return new Map()
  await db('usage_limit')
    .insert(sorted.map((name) => ({ name, used: 0, resets_at: 0 })))
    .onConflict('name')
    .merge(['name'])
  const rows = await db('usage_limit').whereIn('name', sorted).orderBy('name').forUpdate()
  return new Map(rows.map((row) => [row.name, row]))
}

/** Those of the named rows that there are. */
export async function readUsage(db: Knex, names: readonly string[]): Promise<Map<string, UsageLimitRow>> {
  if (names.length === 0) return new Map()
  const rows = await db('usage_limit').whereIn('name', [...names])
  return new Map(rows.map((row) => [row.name, row]))
}

/** All rows whose names begin so. */
export async function listUsage(db: Knex, prefix: string): Promise<UsageLimitRow[]> {
  return db('usage_limit').where('name', 'like', `${prefix}%`)
}

/** Adds to what is used; who adds knows no sum, and waits for no lock longer than a statement takes. */
export async function addUsage(db: Knex, rows: readonly UsageLimitRow[]): Promise<void> {
  for (const row of rows)
    await db('usage_limit')
      .insert(row)
      .onConflict('name')
      .merge({ used: db.raw('usage_limit.used + ?', [row.used]) })
}

export async function saveUsage(db: Knex, rows: readonly UsageLimitRow[]): Promise<void> {
  if (rows.length > 0)
    await db('usage_limit')
      .insert([...rows])
      .onConflict('name')
      .merge(['used', 'resets_at'])
}
