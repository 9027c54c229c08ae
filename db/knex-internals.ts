import type { Knex } from 'knex'
import BetterSqlite3Client from 'knex/lib/dialects/better-sqlite3/index.js'
import Transaction from 'knex/lib/execution/transaction.js'
import type { StatementLimit } from './mysql-client.js'
import type { ShopForms } from './shop/forms.js'
import { applySqliteSettings, SqliteConnection } from './sqlite-connection.js'

// All that is used of knex beyond what it documents stands here, in knex-transaction.ts and, for an old shop's columns, in
// shop/client.ts: an update of knex is read against these files.

/** A query as knex hands it to its dialect, and what the dialect adds to it. */
interface Query {
  readonly sql: string
  readonly bindings?: readonly unknown[]
  response?: unknown
  context?: { readonly lastID: unknown; readonly changes: number }
}

/**
 * SQLite takes its write lock at the first write; a transaction that has read before would then fail at once
 * when another process wrote in between. Taking the lock at BEGIN makes it wait instead. knex has no setting for it.
 */
class ImmediateTransaction extends Transaction {
  override begin(connection: unknown): Promise<unknown> {
    return this.query(connection, 'BEGIN IMMEDIATE;')
  }

  /** A full or broken disk makes SQLite roll back by itself; to be told so would hide why. */
  override rollback(connection: SqliteConnection, error: unknown): Promise<unknown> {
    if (connection.inTransaction) return super.rollback(connection, error)
    return this.query(connection, 'SELECT 1', 2, error)
  }
}

/**
 * knex's better-sqlite3 dialect on libsql, which ships its binary inside the npm package. knex knows no libsql, and
 * which driver a dialect loads is no setting either.
 */
export class LibsqlClient extends BetterSqlite3Client {
  override _driver(): unknown {
    return SqliteConnection
  }

  /** Opened at the first read, as a database that is not read needs none. */
  #reader: SqliteConnection | undefined

  /** Undefined once closed, and for a database in memory, which has one connection. A reader that failed is replaced. */
  readApart<Result>(read: (connection: SqliteConnection) => Result): { readonly result: Result } | undefined {
    const { filename } = this.connectionSettings
    if (filename === ':memory:' || !this.pool) return undefined
    this.#reader ??= openReader(filename)
    try {
      return { result: read(this.#reader) }
    } catch (error) {
      this.#closeReader()
      throw error
    }
  }

  override async destroy(callback?: (error?: unknown) => void): Promise<void> {
    this.#closeReader()
    await super.destroy(callback)
  }

  #closeReader(): void {
    this.#reader?.close()
    this.#reader = undefined
  }

  override transaction(...args: [unknown, unknown, unknown]): Transaction {
    return new ImmediateTransaction(this, ...args)
  }

  /** As knex's own, but with statements that are prepared once. */
  override async _query(connection: SqliteConnection, query: Query): Promise<unknown> {
    const { sql } = query
    try {
      const bindings = this._formatBindings(query.bindings)
      const statement = connection.statementOf(sql)
      if (statement.reader) return Object.assign(query, { response: statement.all(bindings) })
      const { changes, lastInsertRowid: lastID } = statement.run(bindings)
      return Object.assign(query, {
        response: { changes, lastInsertRowid: lastID },
        context: { lastID, changes },
      })
    } catch (error) {
      connection.forget(sql)
      if (isBusy(error)) connection.__knex__disposed = error
      throw error
    }
  }
}

function openReader(file: string): SqliteConnection {
  const connection = new SqliteConnection(file)
  applySqliteSettings(connection)
  connection.pragma('query_only = ON')
  return connection
}

/**
 * libsql leaves a statement that was told BUSY unfinished, and SQLite then refuses every COMMIT on that connection:
 * whatever it wrote later would be lost. The pool replaces a connection with knex's mark.
 */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^SQLITE_(BUSY|LOCKED)/.test(String(error.code))
}

/** The name of the driver under knex, which is not typed. */
export function clientName(db: Knex): unknown {
  return db.client.driverName
}

/** What all connections and transactions of one pool have in common. */
export function poolOf(db: Knex): object {
  return db.client.connectionSettings
}

/** Whether no connection can be had any more. */
export function isPoolClosed(db: Knex): boolean {
  return !db.client.pool
}

/** Whether every connection is in use and somebody waits for one. */
export function isPoolFull(db: Knex): boolean {
  const pool: { numPendingAcquires(): number; numUsed(): number; max: number } | undefined = db.client.pool
  return pool !== undefined && pool.numPendingAcquires() > 0 && pool.numUsed() >= pool.max
}

/** How the columns of an adopted shop differ from ours, as `connect` has told knex. */
export function shopFormsOf(db: Knex): ShopForms | undefined {
  return db.client.config.shopForms
}

/** How long a statement may take, as `limitStatements` has said. */
export function statementMilliseconds(db: Knex): number | undefined {
  const limit: StatementLimit | undefined = db.client.config.statementLimit
  return limit?.milliseconds
}

/**
 * Runs `work` on a connection of the driver itself, which knex lends and takes back but does not type; in a
 * transaction on the transaction's.
 */
export async function withConnection<Result>(
  db: Knex,
  work: (connection: never) => Promise<Result>,
): Promise<Result> {
  const connection = (await db.client.acquireConnection()) as never
  try {
    // Looked at last: between this and the statement nothing else runs.
    if (isTransaction(db) && db.isCompleted()) throw new Error('the transaction has ended')
    return await work(connection)
  } finally {
    await db.client.releaseConnection(connection)
  }
}

function isTransaction(db: Knex): db is Knex.Transaction {
  return db.isTransaction === true
}

/**
 * Runs a read on the connection that a file of SQLite has for reads alone, which waits for no transaction; undefined
 * where there is none: in a transaction, in memory, and on MySQL.
 */
export function readApart<Result>(
  db: Knex,
  read: (connection: SqliteConnection) => Result,
): { readonly result: Result } | undefined {
  const client: unknown = db.client
  if (isTransaction(db) || !(client instanceof LibsqlClient)) return undefined
  return client.readApart(read)
}
