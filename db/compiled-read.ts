import type { Knex } from 'knex'
import { BoundedMap } from './bounded-map.js'
import { untilReached } from './fail-over.js'
import { poolOf, readApart, shopFormsOf, statementLimitOf, withConnection } from './knex-internals.js'
import { runStatement } from './mysql-client.js'
import type { MysqlConnection } from './mysql-connection.js'
import { castRows } from './shop/client.js'
import type { SqliteConnection } from './sqlite-connection.js'
import { Mark } from './mark.js'

type Value = string | number
type Values = readonly Value[]

/** A read that is ready to run. */
export interface CompiledRead<Row, Given extends Values> {
  all(db: Knex, ...given: Given): Promise<Row[]>
  /** The first row, for reads by a key: the quickest there is. */
  first(db: Knex, ...given: Given): Promise<Row | undefined>
}

/** SQL with marks among its values. */
export interface Statement {
  readonly sql: string
  readonly bindings: readonly unknown[]
}

/** `never` fits wherever knex wants a value. */
type Marks<Given extends Values> = { [At in keyof Given]: never }

/**
 * A read whose SQL is built once per database and runs as a prepared statement on the driver: knex's builder costs
 * a third more on MySQL and eight times as much on SQLite. For reads that are made often. In a transaction it runs on
 * the transaction's connection; outside, SQLite has a connection for them that waits for nobody.
 *
 * `build` gets a mark for each value that is given at a call, and uses it as knex lets it use a value: once or more.
 * It names its columns: a table that gets another one while the statement is kept would move the values.
 */
export function compileRead<Row, Given extends Values>(
  build: (db: Knex, ...marks: Marks<Given>) => Knex.QueryBuilder,
): CompiledRead<Row, Given> {
  const compiled = new WeakMap<object, Statement>()
  const statementFor = (db: Knex): Statement => {
    const known = compiled.get(poolOf(db))
    if (known) return known
    const statement = compile(build(db, ...(marksFor(build.length - 1) as unknown as Marks<Given>)))
    compiled.set(poolOf(db), statement)
    return statement
  }
  return {
    all: async (db, ...given) => readRows<Row>(db, fill(statementFor(db), given)),
    first: async (db, ...given) => readFirstRow<Row>(db, fill(statementFor(db), given)),
  }
}

/** Reads rows by the statement of a shape, which is built when there is none yet: with a mark for each of `values`. */
export type CompiledShapes = <Row>(db: Knex, shape: Shape, values: Values) => Promise<Row[]>

interface Shape {
  /** Names all that the SQL depends on. */
  readonly key: string
  readonly build: (marks: readonly Value[]) => Knex.QueryBuilder
}

/** As many as differ in what clients ask for; callers may ask for more, which are then built again. */
export const mostShapes = 50

/** Reads of one kind whose SQL depends on what is asked for, as a list's does: each shape is built once. */
export function compileShapes(): CompiledShapes {
  const compiled = new WeakMap<object, BoundedMap<string, Statement>>()
  return async <Row>(db: Knex, { key, build }: Shape, values: Values): Promise<Row[]> => {
    const pool = poolOf(db)
    const statements = compiled.get(pool) ?? new BoundedMap<string, Statement>(mostShapes)
    compiled.set(pool, statements)
    const known = statements.get(key)
    const statement = known ?? compile(build(marksFor(values.length) as unknown as Values))
    if (!known) statements.set(key, statement)
    return readRows<Row>(db, fill(statement, values))
  }
}

const marksFor = (count: number): Mark[] => Array.from({ length: count }, (_, at) => new Mark(at))

function compile(query: Knex.QueryBuilder): Statement {
  const statement = query.toSQL().toNative()
  if (/(?:select|distinct|,)\s*\*|\.\*/i.test(statement.sql))
    throw new Error('a compiled read names its columns')
  return fixConstants(statement)
}

/** Writes whole numbers that are always the same into the SQL: each value beside it costs every call. */
export function fixConstants({ sql, bindings }: Statement): Statement {
  const [first = '', ...parts] = sql.split('?')
  // Where one stands for no value, which of them do is not known.
  if (parts.length !== bindings.length) return { sql, bindings }
  const isFixed = (at: number) => Number.isSafeInteger(bindings[at])
  return {
    sql: first + parts.map((part, at) => (isFixed(at) ? String(bindings[at]) : '?') + part).join(''),
    bindings: bindings.filter((_, at) => !isFixed(at)),
  }
}

export function fill({ sql, bindings }: Statement, given: Statement['bindings']): Statement {
  const filled = bindings.map((binding) => (binding instanceof Mark ? binding.fill(given) : binding))
  return { sql, bindings: filled }
}

/** Tells who listens to knex's queries. */
export function announce(db: Knex, statement: Statement): Statement {
  db.client.emit('query', statement)
  return statement
}

async function readRows<Row>(db: Knex, statement: Statement): Promise<Row[]> {
  const { sql, bindings } = announce(db, statement)
  const apart = readApart(db, (connection) => connection.rowReaderOf(sql).all(bindings))
  return apart ? (apart.result as Row[]) : readInPool<Row>(db, statement)
}

async function readFirstRow<Row>(db: Knex, statement: Statement): Promise<Row | undefined> {
  const { sql, bindings } = announce(db, statement)
  const apart = readApart(db, (connection) => connection.rowReaderOf(sql).first(bindings))
  return apart ? (apart.result as Row | undefined) : (await readInPool<Row>(db, statement))[0]
}

function readInPool<Row>(db: Knex, statement: Statement): Promise<Row[]> {
  return untilReached(
    () => readOnce<Row>(db, statement),
    () => !db.isTransaction,
  )
}

function readOnce<Row>(db: Knex, statement: Statement): Promise<Row[]> {
  return withConnection(db, async (connection: SqliteConnection | MysqlConnection) => {
    if (!('execute' in connection)) {
      const started = performance.now()
      const rows = connection.rowReaderOf(statement.sql).all(statement.bindings)
      statementLimitOf(db)?.times?.add(statement.sql, started)
      return rows as Row[]
    }
    const [rows, columns] = await runStatement(connection, statement, statementLimitOf(db))
    castRows(shopFormsOf(db), rows, columns)
    return rows as Row[]
  })
}
