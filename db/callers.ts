import type { Knex } from 'knex'
import { isMysql } from './connect.js'
import { insertSlices, mostRows, slicesOf } from './statement-size.js'

/** How often an application called a method, by who called and how. */
export interface CallerRow {
  /** `none` for calls that nobody signed. */
  app_name: string
  method: string
  /** What the client said; empty for none, and for those that one row counts together. */
  client_version: string
  /** How the call was signed: `legacy`, `hmac-sha256` or `none`. */
  scheme: string
  /** An IPv4 /24 or IPv6 /48; empty for those that one row counts together. */
  network: string
  /** What was found in these of the calls, such as `query-credentials`; empty in the row of all calls. */
  finding: string
  calls: number
  /** Milliseconds. */
  first_seen_at: number
  last_seen_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    caller_count: CallerRow
  }
}

export const callerKeyColumns = [
  'app_name',
  'method',
  'client_version',
  'scheme',
  'network',
  'finding',
] as const

/** What rows have in common that tell callers apart less and less: networks first, then versions. */
type Detail = 'network' | 'client_version'

/** How many rows of an application tell networks apart, and how many of the others versions. */
export interface CallerBounds {
  readonly networks: number
  readonly versions: number
}

/** A row's key as a text, in whose order rows are written and locked, or nodes deadlock. */
function callerKey(row: CallerRow): string {
  return callerKeyColumns.map((column) => row[column]).join(' ')
}

/** Adds calls to those that are known of each caller. */
export async function addCallers(db: Knex, rows: readonly CallerRow[]): Promise<void> {
  const given = isMysql(db) ? 'values(??)' : 'excluded.??'
  const [latest, earliest] = isMysql(db) ? ['greatest', 'least'] : ['max', 'min']
  const sorted = rows
    .map((row) => ({ row, key: callerKey(row) }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
  await insertSlices(
    sorted.map(({ row }) => row),
    (some) =>
      db('caller_count')
        .insert(some)
        .onConflict([...callerKeyColumns])
        .merge({
          calls: db.raw(`caller_count.calls + ${given}`, ['calls']),
          first_seen_at: db.raw(`${earliest}(caller_count.first_seen_at, ${given})`, ['first_seen_at']),
          last_seen_at: db.raw(`${latest}(caller_count.last_seen_at, ${given})`, ['last_seen_at']),
        }),
  )
}

/** Whether an application has so many more rows than its bounds that it is worth a `trimCallers`. */
export async function needsTrim(db: Knex, app: string, bounds: CallerBounds): Promise<boolean> {
  const some = await detailed(db, app, 'network').offset(slack(bounds.networks)).first('calls')
  return Boolean(
    some ?? (await detailed(db, app, 'client_version').offset(slack(bounds.versions)).first('calls')),
  )
}

/**
 * Counts an application's rows together until they are within the bounds, so that no call is forgotten. Those stay apart
 * that call most, half of the bound, so that made-up ones don't push them out, and of the others those seen last.
 */
export async function trimCallers(db: Knex, app: string, bounds: CallerBounds): Promise<void> {
  for (const [detail, most] of [
    ['network', bounds.networks],
    ['client_version', bounds.versions],
  ] as const) {
    const rows = await detailed(db, app, detail)
      .orderBy([...callerKeyColumns])
      .forUpdate()
    if (rows.length > most) await foldCallers(db, leastOf(rows, most), detail)
  }
}

/** Counts together what tells networks apart that were last seen before `before` (ms); returns how many rows went. */
export async function foldOldNetworks(db: Knex, before: number): Promise<number> {
  const rows = await db('caller_count')
    .whereNot('network', '')
    .where('last_seen_at', '<', before)
    .orderBy([...callerKeyColumns])
    .limit(mostRows)
    .forUpdate()
  await foldCallers(db, rows, 'network')
  return rows.length
}

/** Forgets who was last seen before `before` (ms); returns how many. */
export async function deleteCallers(db: Knex, before: number): Promise<number> {
  return db('caller_count').where('last_seen_at', '<', before).delete()
}

/** Rows that still tell a detail apart; those with a network are not among the ones that have a version only. */
function detailed(db: Knex, app: string, detail: Detail): Knex.QueryBuilder<CallerRow, CallerRow[]> {
  const own = db('caller_count').where({ app_name: app }).whereNot(detail, '')
  return detail === 'network' ? own : own.where('network', '')
}

/** A fifth more than the bound: a trim is not worth its locks for a few rows. */
function slack(most: number): number {
  return most + Math.floor(most / 5)
}

function leastOf(rows: readonly CallerRow[], most: number): CallerRow[] {
  const byCalls = rows.toSorted(
    (one, other) => other.calls - one.calls || other.last_seen_at - one.last_seen_at,
  )
  const rare = byCalls.slice(Math.floor(most / 2))
  return rare
    .toSorted((one, other) => other.last_seen_at - one.last_seen_at)
    .slice(most - Math.floor(most / 2))
}

async function foldCallers(db: Knex, rows: readonly CallerRow[], detail: Detail): Promise<void> {
  for (const some of slicesOf(rows, mostRows))
    await db('caller_count')
      .whereIn(
        [...callerKeyColumns],
        some.map((row) => callerKeyColumns.map((column) => row[column])),
      )
      .delete()
  await addCallers(db, sumCallers(rows.map((row) => ({ ...row, [detail]: '' }))))
}

/** One row for each key. */
function sumCallers(rows: readonly CallerRow[]): CallerRow[] {
  const sums = new Map<string, CallerRow>()
  for (const row of rows) {
    const text = callerKey(row)
    const sum = sums.get(text)
    if (!sum) sums.set(text, { ...row })
    else {
      sum.calls += row.calls
      sum.first_seen_at = Math.min(sum.first_seen_at, row.first_seen_at)
      sum.last_seen_at = Math.max(sum.last_seen_at, row.last_seen_at)
    }
  }
  return [...sums.values()]
}
