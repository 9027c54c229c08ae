import knex, { type Knex } from 'knex'
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { ShopClient, castValues } from './shop/client.js'
import type { ShopForms } from './shop/forms.js'
import { LibsqlClient, type SqliteConnection, clientName } from './knex-internals.js'

/** Where the data lives; `config.database` has this shape. */
export type DatabaseTarget =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'mysql'; readonly url: string }

/** knex writes failed statements with their values to the console; what failed is thrown anyway, and logged by us. */
const silence = { warn() {}, error() {}, debug() {}, deprecate() {} }

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

/** Makes a database that only the server's user may read; the files beside it take its mode from SQLite. */
function makePrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
  for (const path of [file, `${file}-wal`, `${file}-shm`]) {
    try {
      chmodSync(path, 0o600)
    } catch {
      // It is not there, or is another user's, who decides about it.
    }
  }
}

function connectSqlite(file: string): Knex {
  if (file !== ':memory:') makePrivate(file)
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
  return clientName(db) === 'mysql2'
}
