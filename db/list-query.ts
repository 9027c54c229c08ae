import type { Knex } from 'knex'
import { inMilliseconds, writtenFor } from './shop/raw-sql.js'
import type { ListDefinition, ListOrder, ListRequest, ListSource } from './list-definition.js'

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
