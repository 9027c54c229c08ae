import type { Knex } from 'knex'

/** A list whose row has these columns. Everything in it is SQL that we wrote: callers choose names, never bring any. */
export interface ListDefinition<Row> extends ListSource {
  readonly columns: Readonly<Record<keyof Row & string, string>>
  readonly sortable: readonly (keyof Row & string)[]
  readonly searchable: readonly (keyof Row & string)[]
  readonly key: keyof Row & string
}

/** What a list is made of. */
export interface ListSource {
  /** The rows before any filter: a table with its joins, none of which may multiply rows. */
  readonly from: (db: Knex) => Knex.QueryBuilder
  /** What a row is made of: its names on the wire, each with the SQL it stands for. */
  readonly columns: Readonly<Record<string, string>>
  /** The names that may be filtered by, each with its SQL. */
  readonly filters: Readonly<Record<string, string>>
  /** The columns that may be sorted by. */
  readonly sortable: readonly string[]
  /** The columns that may be searched for a part of their text. */
  readonly searchable: readonly string[]
  /** SQL of the time, in milliseconds, that createTimeStart and createTimeEnd bound; absent: nothing is bounded. */
  readonly time?: string
  /** `time` is a date and time of the configured zone instead, `1971-01-01 00:00:00`. */
  readonly timeIsDate?: true
  /** The order when none is asked for. */
  readonly order: readonly ListOrder[]
  /** A column without duplicates: it decides between rows that are equal otherwise, so that pages never overlap. */
  readonly key: string
}

export interface ListOrder {
  readonly column: string
  readonly descending: boolean
}

/** What a caller asked of a list; every column is one that the definition lets him name. */
export interface ListRequest {
  /** From 1. */
  readonly page: number
  readonly size: number
  readonly order: readonly ListOrder[]
  readonly equals: readonly (readonly [filter: string, value: string | number])[]
  readonly contains: readonly (readonly [column: string, part: string])[]
  /** Milliseconds, or text where the list's time is a date; included. */
  readonly since?: number | string
  /** The same; the last one that is included. */
  readonly until?: number | string
}

/** Reads one page of a list, and how many rows there are in all. */
export async function readListPage<Row>(
  db: Knex,
  definition: ListDefinition<Row>,
  request: ListRequest,
): Promise<{ readonly rows: readonly Row[]; readonly records: number }> {
  const { from, columns } = definition
  const counted: Record<string, unknown> | undefined = await narrow(from(db), definition, request)
    .count({ records: '*' })
    .first()
  const records = Number(counted?.['records'] ?? 0)
  const offset = (request.page - 1) * request.size
  if (offset >= records) return { rows: [], records }
  const query = selectColumns(db, definition, narrow(from(db), definition, request))
    .offset(offset)
    .limit(request.size)
  for (const { column, descending } of wholeOrder(definition, request.order))
    query.orderByRaw(`${sqlOf(columns, column)} ${descending ? 'desc' : 'asc'}`)
  return { rows: (await query) as Row[], records }
}

/** Reads the row of a list that has a value of one of its filters. */
export async function findListRow<Row>(
  db: Knex,
  definition: ListDefinition<Row>,
  filter: readonly [name: string, value: string | number],
): Promise<Row | undefined> {
  const request = { page: 1, size: 1, order: [], contains: [], equals: [filter] }
  return selectColumns(db, definition, narrow(definition.from(db), definition, request)).first()
}

function selectColumns(db: Knex, { columns }: ListSource, query: Knex.QueryBuilder): Knex.QueryBuilder {
  return query.select(Object.entries(columns).map(([name, sql]) => db.raw(`${sql} as ${name}`)))
}

function narrow(
  query: Knex.QueryBuilder,
  { columns, filters, time }: ListSource,
  { equals, contains, since, until }: ListRequest,
): Knex.QueryBuilder {
  for (const [filter, value] of equals) query.whereRaw(`${sqlOf(filters, filter)} = ?`, [value])
  for (const [column, part] of contains)
    query.whereRaw(`${sqlOf(columns, column)} like ? escape '|'`, [`%${part.replace(/[|%_]/g, '|$&')}%`])
  if (time !== undefined && since !== undefined) query.whereRaw(`${time} >= ?`, [since])
  if (time !== undefined && until !== undefined) query.whereRaw(`${time} <= ?`, [until])
  return query
}

function sqlOf(names: Readonly<Record<string, string>>, name: string): string {
  const sql = Object.hasOwn(names, name) ? names[name] : undefined
  if (sql === undefined) throw new Error(`a list has no column ${name}`)
  return sql
}

/** The order asked for, else the list's own, and the key behind it. */
function wholeOrder({ order, key }: ListSource, asked: readonly ListOrder[]): ListOrder[] {
  const wanted = asked.length > 0 ? asked : order
  const first = wanted.filter(({ column }, at) => wanted.findIndex((other) => other.column === column) === at)
  if (first.some(({ column }) => column === key)) return first
  return [...first, { column: key, descending: first.at(-1)?.descending ?? true }]
}
