import type { Knex } from 'knex'
import { BoundedMap } from './bounded-map.js'
import { announce, fill, fixConstants, mostShapes, type Statement } from './compiled-read.js'
import { poolOf, statementLimitOf, withConnection } from './knex-internals.js'
import { Mark } from './mark.js'
import { runStatement } from './mysql-client.js'
import type { MysqlConnection } from './mysql-connection.js'
import type { SqliteConnection } from './sqlite-connection.js'

type Values = readonly unknown[]

/** What a write has done. */
interface Written {
  /** Rows that were changed or deleted, on MySQL also those that would have been changed to what they are. */
  readonly rows: number
  /** The number that a new row was given; of several, the first one's on MySQL and the last one's on SQLite. */
  readonly id: number
}

interface Shape {
  /** Names all that the SQL depends on. */
  readonly key: string
  /** Is given what makes a mark for each value in turn, to be used wherever knex takes a value, once or more. */
  readonly build: (mark: NextMark) => Knex.QueryBuilder
}

/** `never` fits wherever knex wants a value. */
export type NextMark = () => never

/** Writes by the statement of a shape, which is built when there is none yet. */
export type CompiledWrites = (db: Knex, shape: Shape, values: Values) => Promise<Written>

/**
 * Writes of one kind whose SQL is built once per database for each shape, as knex's builder takes longer than all else
 * that a write costs this process. For writes that are made often; in a transaction on the transaction's connection.
 */
export function compileWrites(): CompiledWrites {
  const compiled = new WeakMap<object, BoundedMap<string, Statement>>()
  return async (db, { key, build }, values) => {
    const pool = poolOf(db)
    const statements = compiled.get(pool) ?? new BoundedMap<string, Statement>(mostShapes)
    compiled.set(pool, statements)
    const known = statements.get(key)
    const statement = known ?? compile(build)
    if (!known) statements.set(key, statement)
    return run(db, fill(statement, values))
  }
}

function compile(build: Shape['build']): Statement {
  let marks = 0
  return fixConstants(
    build(() => new Mark(marks++) as never)
      .toSQL()
      .toNative(),
  )
}

/** A write whose SQL is always the same: `build` is given a mark for each value. */
export function compileWrite<Given extends Values>(
  build: (db: Knex, ...marks: { [At in keyof Given]: never }) => Knex.QueryBuilder,
): (db: Knex, ...given: Given) => Promise<Written> {
  const write = compileWrites()
  return (db, ...given) => {
    const marksOf = (mark: NextMark): unknown => given.map(mark)
    const buildWith = (mark: NextMark) => build(db, ...(marksOf(mark) as { [At in keyof Given]: never }))
    return write(db, { key: '', build: buildWith }, given)
  }
}

/** Inserts a row with these columns of it. */
export function compileInsert<Column extends string>(
  table: string,
  columns: readonly Column[],
): (db: Knex, row: Readonly<Record<Column, unknown>>) => Promise<Written> {
  const write = compileWrites()
  return (db, row) => {
    const build = (mark: NextMark) =>
      db(table).insert(Object.fromEntries(columns.map((column) => [column, mark()])))
    const values = columns.map((column) => row[column])
    return write(db, { key: '', build }, values)
  }
}

/** Inserts a row where none has these keys yet, and tells whether it did. The columns are those that the row has. */
export function compileInsertNew(
  table: string,
  keys: readonly string[],
): (db: Knex, row: object) => Promise<boolean> {
  const write = compileWrites()
  return async (db, row) => {
    const columns = Object.keys(row)
    const build = (mark: NextMark) =>
      db(table)
        .insert(Object.fromEntries(columns.map((column) => [column, mark()])))
        .onConflict([...keys])
        .ignore()
    return (await write(db, { key: columns.join(), build }, Object.values(row))).rows > 0
  }
}

interface MysqlHeader {
  readonly affectedRows: number
  readonly insertId: number
}

interface SqliteAnswer {
  readonly response: { readonly changes: number; readonly lastInsertRowid: number }
}

/** On MySQL by the driver alone, as reads are. */
function run(db: Knex, statement: Statement): Promise<Written> {
  return withConnection(db, async (connection: SqliteConnection | MysqlConnection) => {
    if ('execute' in connection) {
      const [header] = await runStatement(connection, announce(db, statement), statementLimitOf(db))
      const { affectedRows, insertId } = header as MysqlHeader
      return { rows: affectedRows, id: insertId }
    }
    const { response }: SqliteAnswer = await db.client.query(connection, statement)
    return { rows: response.changes, id: response.lastInsertRowid }
  })
}
