import knex, { type Knex } from 'knex'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { ShopClient } from './shop/client.js'
import type { ShopForms } from './shop/forms.js'
import { LibsqlClient, clientName } from './knex-internals.js'
import { type SqliteConnection, sqliteSettings } from './sqlite-connection.js'

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
        for (const setting of sqliteSettings) connection.pragma(setting)
        done(null, connection)
      },
    },
  })
}

/** Of one connection: a server keeps 16,382 statements in all, for every connection of every node. */
const maxPreparedStatements = 100

const mysqlDefaults = { charset: 'utf8mb4', timezone: 'Z', connectTimeout: 5000, maxPreparedStatements }

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
    connection: { uri: url, ...mysqlDefaults },
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
