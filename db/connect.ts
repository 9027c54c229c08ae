import knex, { type Knex } from 'knex'
import BetterSqlite3Client from 'knex/lib/dialects/better-sqlite3/index.js'
import Transaction from 'knex/lib/execution/transaction.js'
import libsql from 'libsql'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { castValues, ShopClient } from './shop/client.js'
import type { ShopForms } from './shop/forms.js'

/** Where the data lives; `config.database` has this shape. */
export type DatabaseTarget =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'mysql'; readonly url: string }

/**
 * SQLite takes its write lock at the first write; a transaction that has read before would then fail at once
 * when another process wrote in between. Taking the lock at BEGIN makes it wait instead.
 */
class ImmediateTransaction extends Transaction {
  override begin(connection: unknown): Promise<unknown> {
    return this.query(connection, 'BEGIN IMMEDIATE;')
  }
}

/** knex's better-sqlite3 dialect on libsql, which ships its binary inside the npm package. */
class LibsqlClient extends BetterSqlite3Client {
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

/** knex writes failed statements with their values to the console; what failed is thrown anyway, and logged by us. */
const silence = { warn() {}, error() {}, debug() {}, deprecate() {} }

interface SqliteConnection {
  pragma(text: string): unknown
  /** knex's mark of a connection that must not be used again. */
  __knex__disposed?: unknown
}

/**
 * Opens a pool on the database. SQLite has one connection (one writer is all it can have); MySQL has up to
 * `poolSize`. Nothing is sent before the first query, so a database that is down shows there.
 */
export function connect(target: DatabaseTarget, { poolSize = 20, forms }: ConnectOptions = {}): Knex {
  return target.kind === 'sqlite' ? connectSqlite(target.file) : connectMysql(target.url, poolSize, forms)
}

export interface ConnectOptions {
  readonly poolSize?: number
  /** How the columns of an adopted shop differ from ours; absent for a database of our own. */
  readonly forms?: ShopForms | undefined
}

function connectSqlite(file: string): Knex {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  return knex({
    client: LibsqlClient as unknown as typeof Knex.Client,
    connection: { filename: file },
    useNullAsDefault: true,
    log: silence,
    pool: {
      min: 1,
      max: 1,
      afterCreate(connection: SqliteConnection, done: (error: Error | null, connection: unknown) => void) {
        // FULL: an acknowledged password change must survive a power cut (NORMAL may lose the last commits).
        for (const setting of [
          'journal_mode = WAL',
          'synchronous = FULL',
          'busy_timeout = 5000',
          'foreign_keys = ON',
        ])
          connection.pragma(setting)
        done(null, connection)
      },
    },
  })
}

const mysqlDefaults = { charset: 'utf8mb4', timezone: 'Z', connectTimeout: 5000 }

function connectMysql(url: string, poolSize: number, forms: ShopForms | undefined): Knex {
  // READ COMMITTED takes no gap locks, so parallel inserts of different keys don't deadlock.
  const begin = ['SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED']
  if (forms?.zone !== undefined) begin.push(`SET time_zone = '${forms.zone}'`)
  const ways = forms
    ? { client: ShopClient as unknown as typeof Knex.Client, shopForms: forms }
    : { client: 'mysql2' }
  return knex({
    ...ways,
    log: silence,
    connection: { uri: url, ...mysqlDefaults, ...(forms ? { typeCast: castValues(forms) } : {}) },
    acquireConnectionTimeout: 5000,
    pool: {
      min: 0,
      max: poolSize,
      afterCreate(connection: MysqlConnection, done: (error: Error | null, connection: unknown) => void) {
        runAll(connection, begin, (error) => done(error, connection))
      },
    },
  })
}

interface MysqlConnection {
  query(sql: string, done: (error: Error | null) => void): void
}

function runAll(
  connection: MysqlConnection,
  [sql, ...rest]: readonly string[],
  done: (error: Error | null) => void,
): void {
  if (sql === undefined) return done(null)
  connection.query(sql, (error) => (error ? done(error) : runAll(connection, rest, done)))
}

/** Whether SQL of the MySQL kind is spoken, for the few statements where the two differ. */
export function isMysql(db: Knex): boolean {
  return db.client.driverName === 'mysql2'
}
