import type { Knex } from 'knex'
import { poolOf, type SqliteConnection, withConnection } from './knex-internals.js'

type Rows<Row> = (error: Error | null, rows: Row[]) => void
interface MysqlConnection {
  execute<Row>(sql: string, bindings: readonly unknown[], done: Rows<Row>): void
}

/**
 * A read whose SQL is built once per database and runs as a prepared statement on the driver: knex's builder costs
 * a third more on MySQL and eight times as much on SQLite. Only for the hottest reads, and outside transactions
 * (inside one it runs through knex on the transaction's connection).
 *
 * `build` gets as many marks as the read has bindings, in the order in which they stand in the SQL.
 */
export function compileRead<Row>(build: (db: Knex) => Knex.QueryBuilder) {
  const compiled = new WeakMap<object, string>()
  const statements = new WeakMap<object, ReturnType<SqliteConnection['prepare']>>()
  return async (db: Knex, bindings: readonly (string | number)[]): Promise<Row[]> => {
    const pool = poolOf(db)
    const sql = compiled.get(pool) ?? build(db).toSQL().toNative().sql
    compiled.set(pool, sql)
    if (db.isTransaction) return runInTransaction(db, sql, bindings)
    return withConnection(db, async (connection: SqliteConnection | MysqlConnection) => {
      if ('execute' in connection) return execute<Row>(connection, sql, bindings)
      const statement = statements.get(connection) ?? connection.prepare(sql)
      statements.set(connection, statement)
      return statement.all(bindings) as Row[]
    })
  }
}

async function runInTransaction<Row>(
  db: Knex,
  sql: string,
  bindings: readonly (string | number)[],
): Promise<Row[]> {
  const answer: unknown = await db.raw(sql, bindings)
  // mysql2 answers [rows, fields], libsql the rows.
  return (Array.isArray(answer) && Array.isArray(answer[0]) ? answer[0] : answer) as Row[]
}

function execute<Row>(
  connection: MysqlConnection,
  sql: string,
  bindings: readonly unknown[],
): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    connection.execute<Row>(sql, bindings, (error, rows) => (error ? reject(error) : resolve(rows)))
  })
}
