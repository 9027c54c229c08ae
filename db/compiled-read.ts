import type { Knex } from 'knex'
import { poolOf, readApart, shopFormsOf, statementMilliseconds, withConnection } from './knex-internals.js'
import { type MysqlConnection, runStatement } from './mysql-client.js'
import { castRows } from './shop/client.js'
import type { SqliteConnection } from './sqlite-connection.js'

type Bindings = readonly (string | number)[]

/** A read that is ready to run. */
export interface CompiledRead<Row> {
  all(db: Knex, bindings: Bindings): Promise<Row[]>
  /** The first row, for reads by a key: the quickest there is. */
  first(db: Knex, bindings: Bindings): Promise<Row | undefined>
}

/**
 * A read whose SQL is built once per database and runs as a prepared statement on the driver: knex's builder costs
 * a third more on MySQL and eight times as much on SQLite. For the hottest reads. In a transaction it runs on the
 * transaction's connection; outside, SQLite has a connection for them that waits for nobody.
 *
 * `build` gets as many marks as the read has bindings, in the order in which they stand in the SQL, and names its
 * columns.
 */
export function compileRead<Row>(build: (db: Knex) => Knex.QueryBuilder): CompiledRead<Row> {
  const compiled = new WeakMap<object, string>()
  const sqlOf = (db: Knex): string => {
    const pool = poolOf(db)
    const known = compiled.get(pool)
    if (known !== undefined) return known
    const { sql } = build(db).toSQL().toNative()
    compiled.set(pool, sql)
    return sql
  }
  return {
    async all(db, bindings) {
      const sql = sqlOf(db)
      const apart = readApart(db, (connection) => connection.statementOf(sql).all(bindings))
      return apart ? (apart.result as Row[]) : readInPool<Row>(db, sql, bindings)
    },
    async first(db, bindings) {
      const sql = sqlOf(db)
      const apart = readApart(db, (connection) => connection.rowReaderOf(sql)(bindings))
      return apart ? (apart.result as Row | undefined) : (await readInPool<Row>(db, sql, bindings))[0]
    },
  }
}

function readInPool<Row>(db: Knex, sql: string, bindings: Bindings): Promise<Row[]> {
  return withConnection(db, async (connection: SqliteConnection | MysqlConnection) => {
    if (!('execute' in connection)) return connection.statementOf(sql).all(bindings) as Row[]
    const [rows, columns] = await runStatement(connection, { sql, bindings }, statementMilliseconds(db))
    castRows(shopFormsOf(db), rows, columns)
    return rows as Row[]
  })
}
