import type { Knex } from 'knex'
import type { CompiledShapes } from './compiled-read.js'
import { inMilliseconds, writtenFor } from './shop/raw-sql.js'

/** A list whose row has these columns. Everything in it is SQL that we wrote: callers choose names, never bring any. */
export interface ListDefinition<Row> extends ListSource {
  readonly columns: Readonly<Record<keyof Row & string, string>>
  readonly sortable: readonly (keyof Row & string)[]
  readonly searchable: readonly (keyof Row & string)[]
  readonly key: keyof Row & string
}

/** What a list is made of. */
export interface ListSource {
  /** The rows before any filter: a table, with the joins that decide which of its rows are there. */
  readonly from: (db: Knex) => Knex.QueryBuilder
  /**
   * What is only looked up for a row: left joins, by the name that they give their table, each after those it needs.
   * None may multiply rows. Rows are counted without those that no filter or search names.
   */
  readonly joins?: Readonly<Record<string, string>>
  /** What a row is made of: its names on the wire, each with the SQL it stands for. */
  readonly columns: Readonly<Record<string, string>>
  /** The names that may be filtered by, each with its SQL. */
  readonly filters: Readonly<Record<string, string>>
  /** Filters that find a part of the column of their name, as a search does. */
  readonly partial?: readonly string[]
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
  /** Lists that belong to one user are asked for all the time. */
  readonly owner?: ListOwner
  /** A column without duplicates: it decides between rows that are equal otherwise, so that pages never overlap. */
  readonly key: string
}

/** Whose rows a list has, and the statements that are kept for all such lists. */
interface ListOwner {
  readonly column: string
  readonly userId: number
  readonly statements: CompiledShapes
}

export interface ListOrder {
  readonly column: string
  readonly descending: boolean
}

/** What a caller asked of a list; every column is one that the definition lets callers name. */
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
  const conditions = conditionsOf(db, definition, request)
  const offset = (request.page - 1) * request.size
  const order = wholeOrder(definition, request.order)
  const build = (conditions: readonly Condition[]) => {
    const query = selectRows(db, definition, conditions).offset(offset, written).limit(request.size, written)
    for (const { column, descending } of order)
      query.orderByRaw(`${computed(db, sqlOf(definition.columns, column))} ${descending ? 'desc' : 'asc'}`)
    return query
  }
  const rows = await readShape<Row>(db, definition, {
    name: JSON.stringify([offset, request.size, order]),
    conditions,
    build,
  })
  // A page that is begun and not full is the last one: nothing is left to count.
  const isLast = rows.length < request.size && (rows.length > 0 || offset === 0)
  return { rows, records: isLast ? offset + rows.length : await countRows(db, definition, conditions) }
}

/** MySQL's prepared statements take no limit as a value. */
const written = { skipBinding: true }

interface ListShape {
  readonly name: string
  readonly conditions: readonly Condition[]
  readonly build: (conditions: readonly Condition[]) => Knex.QueryBuilder
}

async function readShape<Row>(
  db: Knex,
  { owner }: ListSource,
  { name, conditions, build }: ListShape,
): Promise<Row[]> {
  if (!owner) return build(conditions)
  const key = `${name} ${conditions.map(({ sql }) => sql).join(' and ')}`
  return owner.statements<Row>(
    db,
    { key, build: (marks) => build(conditions.map(({ sql }, at) => ({ sql, value: marks[at] ?? 0 }))) },
    conditions.map(({ value }) => value),
  )
}

/** Reads the row of a list that has a value of one of its filters. */
export async function findListRow<Row>(
  db: Knex,
  definition: ListDefinition<Row>,
  filter: readonly [name: string, value: string | number],
): Promise<Row | undefined> {
  const request = { page: 1, size: 1, order: [], contains: [], equals: [filter] }
  return selectRows(db, definition, conditionsOf(db, definition, request)).first()
}

async function countRows(db: Knex, source: ListSource, conditions: readonly Condition[]): Promise<number> {
  const build = (conditions: readonly Condition[]) => {
    const query = source.from(db)
    for (const join of joinsFor(source, conditions.map(({ sql }) => sql).join(' '))) query.joinRaw(join)
    for (const { sql, value } of conditions) query.whereRaw(sql, [value])
    return query.count({ records: '*' })
  }
  const [counted] = await readShape<{ records: number | string }>(db, source, {
    name: 'count',
    conditions,
    build,
  })
  return Number(counted?.records ?? 0)
}

function selectRows(db: Knex, source: ListSource, conditions: readonly Condition[]): Knex.QueryBuilder {
  const query = source.from(db)
  for (const join of Object.values(source.joins ?? {})) query.joinRaw(join)
  for (const { sql, value } of conditions) query.whereRaw(sql, [value])
  return query.select(
    Object.entries(source.columns).map(([name, sql]) => db.raw(`${computed(db, sql)} as ${name}`)),
  )
}

/** The joins that some SQL names, and those that they need in turn. */
function joinsFor({ joins = {} }: ListSource, sql: string): string[] {
  let named = sql
  const needed: string[] = []
  for (const [name, join] of Object.entries(joins).toReversed()) {
    if (!new RegExp(`\\b${name}\\.`).test(named)) continue
    needed.unshift(join)
    named += ` ${join}`
  }
  return needed
}

interface Condition {
  readonly sql: string
  readonly value: string | number
}

/** What a row must meet to be in the list. */
function conditionsOf(
  db: Knex,
  source: ListSource,
  { equals, contains, since, until }: ListRequest,
): Condition[] {
  const { columns, filters, time, owner } = source
  const conditions: Condition[] = owner ? [{ sql: `${owner.column} = ?`, value: owner.userId }] : []
  for (const [filter, value] of equals) {
    const sql = sqlOf(filters, filter)
    conditions.push(compare(db, sql, '=', value))
    // The collations of old tables take all characters of four bytes for one: then the bytes decide as well.
    if (typeof value === 'string' && /[\u{10000}-\u{10ffff}]/u.test(value))
      conditions.push({ sql: `hex(${sql}) = ?`, value: Buffer.from(value).toString('hex').toUpperCase() })
  }
  for (const [column, part] of contains) {
    const sql = `${sqlOf(columns, column)} like ? escape '|'`
    conditions.push({ sql, value: `%${part.replace(/[|%_]/g, '|$&')}%` })
  }
  if (time !== undefined && since !== undefined) conditions.push(compare(db, time, '>=', since))
  if (time !== undefined && until !== undefined) conditions.push(compare(db, time, '<=', until))
  return conditions
}

const isColumn = (sql: string): boolean => /^[\w.]+$/.test(sql)

/** A column is compared in its own form, so that its index finds it. */
function compare(db: Knex, sql: string, operator: string, value: string | number): Condition {
  return isColumn(sql)
    ? { sql: `${sql} ${operator} ?`, value: writtenFor(db, sql, value) }
    : { sql: `${inMilliseconds(db, sql)} ${operator} ?`, value }
}

function computed(db: Knex, sql: string): string {
  return isColumn(sql) ? sql : inMilliseconds(db, sql)
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
