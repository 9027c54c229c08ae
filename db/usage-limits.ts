import type { Knex } from 'knex'
import { compileShapes } from './compiled-read.js'
import { compileWrites, type NextMark } from './compiled-write.js'
import { isMysql } from './connect.js'

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

const columns = ['name', 'used', 'resets_at'] as const satisfies readonly (keyof UsageLimitRow)[]

const reads = compileShapes()
const writes = compileWrites()

/** The named rows; at least one is named. */
function findRows(db: Knex, names: readonly string[]): Promise<UsageLimitRow[]> {
  return reads(db, { key: `${names.length}`, build: (marks) => rowsQuery(db, marks) }, names)
}

/** As `findRows`, locked in the order of their names until the transaction ends. */
function lockRows(db: Knex, names: readonly string[]): Promise<UsageLimitRow[]> {
  const build = (marks: readonly unknown[]) => rowsQuery(db, marks).orderBy('name').forUpdate()
  return reads(db, { key: `lock ${names.length}`, build }, names)
}

function rowsQuery(db: Knex, names: readonly unknown[]): Knex.QueryBuilder {
  return db('usage_limit')
    .whereIn('name', names as readonly string[])
    .select(columns)
}

/**
 * The named rows, locked until the transaction ends; those of `needed` are made if missing. Locked in the order of their
 * names, so that two transactions that want the same rows hardly ever wait for each other.
 */
export async function lockUsage(
  db: Knex,
  names: readonly string[],
  needed: readonly string[] = names,
): Promise<Map<string, UsageLimitRow>> {
  const rows = names.length === 0 ? [] : await lockRows(db, sortedNames(names))
  const missing = sortedNames(needed).filter((name) => !rows.some((row) => row.name === name))
  if (missing.length > 0) {
    await db('usage_limit')
      .insert(missing.map((name) => ({ name, used: 0, resets_at: 0 })))
      .onConflict('name')
      .merge(['name'])
    rows.push(...(await lockRows(db, missing)))
  }
  return new Map(rows.map((row) => [row.name, row]))
}

const sortedNames = (names: readonly string[]): string[] => [...new Set(names)].sort()

/** A use of a limit: its name, and when the window ends (ms) that this use begins if none is open. */
type Use = Omit<UsageLimitRow, 'used'>

/**
 * Counts a use of each of these, and tells how much of each is used with it. The rows are made if missing and locked, in
 * the order that they are given in, until the transaction ends: who finds that one is used too often rolls back. A window
 * that ends later than `tolerance` (ms) after a new one would is none.
 */
export async function countUses(
  db: Knex,
  uses: readonly Use[],
  { now, tolerance }: { readonly now: number; readonly tolerance: number },
): Promise<UsageLimitRow[]> {
  const byName = new Map(uses.map((use) => [use.name, use]))
  const names = [...byName.keys()]
  if (names.length === 0) return []
  const rows = names.flatMap((name) => [name, byName.get(name)?.resets_at ?? now])
  const shape = {
    key: `count ${names.length}`,
    build: (mark: NextMark) => countQuery(db, names.length, mark),
  }
  await writes(db, shape, [now, tolerance, ...rows])
  return findRows(db, names)
}

function countQuery(db: Knex, count: number, mark: NextMark): Knex.QueryBuilder {
  const [now, tolerance] = [mark(), mark()]
  const fresh = isMysql(db) ? 'values(resets_at)' : 'excluded.resets_at'
  const whileOpen = (then: string, otherwise: string) =>
    db.raw(
      `case when usage_limit.resets_at > ? and usage_limit.resets_at <= ${fresh} + ? then ${then} else ${otherwise} end`,
      [now, tolerance],
    )
  const rows = Array.from({ length: count }, () => ({ name: mark(), used: 1, resets_at: mark() }))
  // MySQL sets one column after the other: what is used is counted while the window is still the old one.
  return db('usage_limit')
    .insert(rows)
    .onConflict('name')
    .merge({
      used: whileOpen('usage_limit.used + 1', '1'),
      resets_at: whileOpen('usage_limit.resets_at', fresh),
    })
}

/** Those of the named rows that there are. */
export async function readUsage(db: Knex, names: readonly string[]): Promise<Map<string, UsageLimitRow>> {
  if (names.length === 0) return new Map()
  const rows = await findRows(db, names)
  return new Map(rows.map((row) => [row.name, row]))
}

/** All rows whose names begin so. */
export async function listUsage(db: Knex, prefix: string): Promise<UsageLimitRow[]> {
  return db('usage_limit').where('name', 'like', `${prefix}%`)
}

/** Of the rows whose names begin so, and whose window is open at `now` (ms), those that are used most. */
export async function listBusiest(
  db: Knex,
  { prefix, now, most }: { readonly prefix: string; readonly now: number; readonly most: number },
): Promise<UsageLimitRow[]> {
  return db('usage_limit')
    .where('name', 'like', `${prefix}%`)
    .where('resets_at', '>', now)
    .where('used', '>', 0)
    .orderBy([{ column: 'used', order: 'desc' }, 'name'])
    .limit(most)
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
  if (rows.length === 0) return
  const build = (mark: NextMark) =>
    db('usage_limit')
      .insert(rows.map(() => ({ name: mark(), used: mark(), resets_at: mark() })))
      .onConflict('name')
      .merge(['used', 'resets_at'])
  const values = rows.flatMap(({ name, used, resets_at }) => [name, used, resets_at])
  await writes(db, { key: `save ${rows.length}`, build }, values)
}
