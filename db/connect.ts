import knex, { type Knex } from 'knex'
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { callbackify } from 'node:util'
import { BoundMysqlClient, type MysqlConnection, type StatementLimit } from './mysql-client.js'
import { beginSession } from './mysql-session.js'
import { ShopClient } from './shop/client.js'
import type { ShopForms } from './shop/forms.js'
import { LibsqlClient, clientName } from './knex-internals.js'
import { applySqliteSettings, type SqliteConnection } from './sqlite-connection.js'

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
export function connect(target: DatabaseTarget, options: ConnectOptions = {}): Knex {
  return target.kind === 'sqlite' ? connectSqlite(target.file) : connectMysql(target.url, options)
}

export interface ConnectOptions {
  readonly poolSize?: number
  /** Milliseconds after which a connection is not lent again; absent: however old it is. */
  readonly connectionLifetime?: number
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
      afterCreate(connection: SqliteConnection, done: (error: unknown, connection: unknown) => void) {
        try {
          applySqliteSettings(connection)
          done(null, connection)
        } catch (error) {
          connection.close()
          done(error, connection)
        }
      },
    },
  })
}

const mysqlDefaults = {
  charset: 'utf8mb4',
  timezone: 'Z',
  connectTimeout: 5000,
  // A server keeps 16,382 statements in all, for every connection of every node.
  maxPreparedStatements: 200,
}

function connectMysql(url: string, { poolSize = 20, connectionLifetime, forms }: ConnectOptions): Knex {
  const statementLimit: StatementLimit = { milliseconds: undefined }
  const client = forms ? ShopClient : BoundMysqlClient
  return knex({
    client: client as unknown as typeof Knex.Client,
    ...(forms ? { shopForms: forms } : {}),
    statementLimit,
    // Which of the dialect's forms are used depends on no version, and knex would wait for the answer without end.
    version: 'latest',
    log: silence,
    connection: { uri: url, ...mysqlDefaults },
    acquireConnectionTimeout: 5000,
    pool: {
      min: 0,
      max: poolSize,
      // At a fail-over the pool goes elsewhere at once; only new connections find the way back.
      ...(connectionLifetime === undefined
        ? {}
        : {
            maxConnectionLifetimeMillis: connectionLifetime,
            maxConnectionLifetimeJitterMillis: Math.floor(connectionLifetime / 5),
          }),
      afterCreate(connection: MysqlConnection, done: (error: unknown, connection: unknown) => void) {
        const { milliseconds } = statementLimit
        const lockSeconds =
          milliseconds === undefined ? undefined : Math.max(1, Math.floor(milliseconds / 2000))
        const begin = callbackify(() =>
          beginSession(connection, { zone: forms?.zone ?? '+00:00', lockSeconds }),
        )
        begin((error) => done(error, connection))
      },
    },
  } as Knex.Config)
}

/**
 * From now on a statement that takes longer fails, and its connection is dropped. While tables are made and a shop is
 * taken over there is no limit: that may take an hour. SQLite, in our own process, has nobody to wait for but other
 * processes' locks, for five seconds.
 */
export function limitStatements(db: Knex, milliseconds: number): void {
  const limit: StatementLimit | undefined = db.client.config.statementLimit
  if (limit) limit.milliseconds = milliseconds
}

/** Whether SQL of the MySQL kind is spoken, for the few statements where the two differ. */
export function isMysql(db: Knex): boolean {
  return clientName(db) === 'mysql2'
}
