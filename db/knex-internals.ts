import type { Knex } from 'knex'
import BetterSqlite3Client from 'knex/lib/dialects/better-sqlite3/index.js'
import Transaction from 'knex/lib/execution/transaction.js'
import libsql from 'libsql'

// All that is used of knex beyond what it documents stands here and, for an old shop's columns, in shop/client.ts: an
// update of knex is read against these files.

/** What of libsql's connection is used besides knex. */
export interface SqliteConnection {
  pragma(text: string): unknown
  prepare(sql: string): { all(bindings: readonly unknown[]): unknown[] }
  /** knex's mark of a connection that must not be used again; knex has no call that sets it. */
  __knex__disposed?: unknown
}

/**
 * SQLite takes its write lock at the first write; a transaction that has read before would then fail at once
 * when another process wrote in between. Taking the lock at BEGIN makes it wait instead. knex has no setting for it.
 */
class ImmediateTransaction extends Transaction {
  override begin(connection: unknown): Promise<unknown> {
    return this.query(connection, 'BEGIN IMMEDIATE;')
  }
}

/**
 * knex's better-sqlite3 dialect on libsql, which ships its binary inside the npm package. knex knows no libsql, and
 * which driver a dialect loads is no setting either.
 */
export class LibsqlClient extends BetterSqlite3Client {
  override _driver(): unknown {
    return libsql
  }

  override transaction(...args: [unknown, unknown, unknown]): Transaction {
    return new ImmediateTransaction(this, ...args)
  }

  /**
   * libsql leaves a statement that was told BUSY unfinished, and SQLite then refuses every COMMIT on that connection:
   * whatever it wrote later would be lost. The pool replaces a connection with this mark.
   */
  override async _query(connection: SqliteConnection, statement: unknown): Promise<unknown> {
    try {
      return await super._query(connection, statement)
    } catch (error) {
      const isBusy =
        error instanceof Error && 'code' in error && /^SQLITE_(BUSY|LOCKED)/.test(String(error.code))
      if (isBusy) connection.__knex__disposed = error
      throw error
    }
  }
}

/** The name of the driver under knex, which is not typed. */
export function clientName(db: Knex): unknown {
  return db.client.driverName
}

/** What all connections and transactions of one database have in common; a transaction's client has no pool. */
export function poolOf(db: Knex): object {
  return db.client.pool ?? db.client
}

/** Runs `work` on a connection of the driver itself, which knex lends and takes back but does not type. */
export async function withConnection<Result>(
  db: Knex,
  work: (connection: never) => Promise<Result>,
): Promise<Result> {
  const connection = (await db.client.acquireConnection()) as never
  try {
    return await work(connection)
  } finally {
    await db.client.releaseConnection(connection)
  }
}
