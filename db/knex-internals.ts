import type { Knex } from 'knex'
import BetterSqlite3Client from 'knex/lib/dialects/better-sqlite3/index.js'
import Transaction from 'knex/lib/execution/transaction.js'
import type { StatementLimit } from './mysql-client.js'
import type { ShopForms } from './shop/forms.js'
import { applySqliteSettings, SqliteConnection } from './sqlite-connection.js'
import { untilTaken } from './until-taken.js'

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
    const started = performance.now()
    try {
      return { result: read(this.#reader) }
    } catch (error) {
      this.#closeReader()
      throw error
    } finally {
      countStatement(this, 'select', started)
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
    const started = performance.now()
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
    } finally {
      countStatement(this, sql, started)
    }
  }
}

/** No method of its own: knex makes objects of a client that have its methods, but not what is private to it. */
function countStatement({ config }: BetterSqlite3Client, sql: string, started: number): void {
  const limit = config.statementLimit as StatementLimit | undefined
  limit?.times?.add(sql, started)
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
  const { used, most, waiting } = poolStateOf(db)
  return waiting > 0 && used >= most
}

/** How the columns of an adopted shop differ from ours, as `connect` has told knex. */
export function shopFormsOf(db: Knex): ShopForms | undefined {
  return db.client.config.shopForms
}

/** How long a statement may take, as `limitStatements` has said, and where its time is counted. */
export function statementLimitOf(db: Knex): StatementLimit | undefined {
  return db.client.config.statementLimit
}

/** What a pool lends: how many connections are lent and at rest, how many may be, and how many callers wait for one. */
export interface PoolState {
  readonly used: number
  readonly free: number
  readonly most: number
  readonly waiting: number
}

export function poolStateOf(db: Knex): PoolState {
  const pool: Pool | undefined = db.client.pool
  if (!pool) return { used: 0, free: 0, most: 0, waiting: 0 }
  return {
    used: pool.numUsed(),
    free: pool.numFree(),
    most: pool.max,
    waiting: pool.numPendingAcquires(),
  }
}

interface Pool {
  readonly max: number
  numUsed(): number
  numFree(): number
  numPendingAcquires(): number
}

/**
 * Runs `work`, a statement, on a connection of the driver itself, which knex lends and takes back but does not type; in a
 * transaction on the transaction's. Elsewhere MySQL is asked again as `transaction` would.
 */
export function withConnection<Result>(
  db: Knex,
  work: (connection: never) => Promise<Result>,
): Promise<Result> {
  const isAlone = !isTransaction(db) && clientName(db) === 'mysql2'
  return isAlone ? untilTaken(() => lend(db, work)) : lend(db, work)
}

async function lend<Result>(db: Knex, work: (connection: never) => Promise<Result>): Promise<Result> {
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
