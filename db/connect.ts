import knex, { type Knex } from 'knex'
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { callbackify } from 'node:util'
import { BoundMysqlClient, type StatementLimit } from './mysql-client.js'
import { type MysqlConnection, mostPreparedStatements } from './mysql-connection.js'
import { MysqlServers, type MysqlTarget } from './mysql-servers.js'
import { beginSession } from './mysql-session.js'
import { ShopClient } from './shop/client.js'
import type { ShopForms } from './shop/forms.js'
import { LibsqlClient, clientName } from './knex-internals.js'
import { StatementTimes } from './statement-times.js'
import { applySqliteSettings, type SqliteConnection } from './sqlite-connection.js'

/** Where the data lives; `config.database` has this shape. */
export type DatabaseTarget = { readonly kind: 'sqlite'; readonly file: string } | MysqlTarget

/** knex writes failed statements with their values to the console; what failed is thrown anyway, and logged by us. */
const silence = { warn() {}, error() {}, debug() {}, deprecate() {} }

/**
 * Opens a pool on the database. SQLite has one connection (one writer is all it can have); MySQL has up to
 * `poolSize`. Nothing is sent before the first query, so a database that is down shows there.
 */
export function connect(target: DatabaseTarget, options: ConnectOptions = {}): Knex {
  return target.kind === 'sqlite' ? connectSqlite(target.file) : connectMysql(target, options)
}

export interface ConnectOptions {
  readonly poolSize?: number
  /** Milliseconds after which a connection is not lent again; absent: however old it is. */
  readonly connectionLifetime?: number
  /** Whether a connection that can't be had is tried again for a while, once statements are limited. */
  readonly followsFailOver?: boolean
  /** Whether reads on a node of a Galera cluster see what was committed on another before; absent: yes. */
  readonly isCausal?: boolean
  /** How the columns of an adopted shop differ from ours; absent for a database of our own. */
  readonly forms?: ShopForms | undefined
}

/** Makes a database that only the server's user may read; the files beside it take its mode from SQLite. */
function makePrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  createFile(file)
  for (const path of [file, `${file}-wal`, `${file}-shm`]) {
    try {
      chmodSync(path, 0o600)
    } catch {
      // It is not there, or is another user's, who decides about it.
    }
  }
}

/**
 * Never opens a file that is there: to close it would drop the locks that this process has on it by another connection
 * (fcntl(2)), and who closes the file elsewhere would then take away the log that this process goes on writing.
 */
function createFile(file: string): void {
  try {
    closeSync(openSync(file, 'ax', 0o600))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}

function connectSqlite(file: string): Knex {
  if (file !== ':memory:') makePrivate(file)
  return knex({
    client: LibsqlClient as unknown as typeof Knex.Client,
    connection: { filename: file },
    useNullAsDefault: true,
    statementLimit: { times: new StatementTimes() },
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
  } as Knex.Config)
}

const mysqlDefaults = {
  charset: 'utf8mb4',
  timezone: 'Z',
  maxPreparedStatements: mostPreparedStatements,
}

function connectMysql(target: MysqlTarget, options: ConnectOptions): Knex {
  const { poolSize = 20, connectionLifetime, followsFailOver = false, isCausal = true, forms } = options
  const servers = new MysqlServers(target)
  const statementLimit: StatementLimit = { times: new StatementTimes() }
  /** Those from before statements were limited: they would wait for a lock for longer than anybody waits for them. */
  const patient = new WeakSet<MysqlConnection>()
  const cluster: ClusterSeen = { isGalera: false }
  const client = forms ? ShopClient : BoundMysqlClient
  return knex({
    client: client as unknown as typeof Knex.Client,
    ...(forms ? { shopForms: forms } : {}),
    statementLimit,
    followsFailOver,
    cluster,
    servers,
    // Which of the dialect's forms are used depends on no version, and knex would wait for the answer without end.
    version: 'latest',
    log: silence,
    // knex asks for the name where it looks for columns.
    connection: { uri: target.url, database: databaseIn(target.url), ...mysqlDefaults },
    acquireConnectionTimeout: 5000,
    pool: {
      min: 0,
      max: poolSize,
      validate: (connection: MysqlConnection) =>
        servers.isCurrent(connection) &&
        (statementLimit.milliseconds === undefined || !patient.has(connection)),
      // At a fail-over the pool goes elsewhere at once; only new connections find the way back.
      ...(connectionLifetime === undefined
        ? {}
        : {
            maxConnectionLifetimeMillis: connectionLifetime,
            maxConnectionLifetimeJitterMillis: Math.floor(connectionLifetime / 5),
          }),
      afterCreate(connection: MysqlConnection, done: (error: unknown, connection: unknown) => void) {
        const { milliseconds } = statementLimit
        if (milliseconds === undefined) patient.add(connection)
        const lockSeconds =
          milliseconds === undefined ? undefined : Math.max(1, Math.floor(milliseconds / 2000))
        const begin = callbackify(async () => {
          const session = { zone: forms?.zone ?? '+00:00', lockSeconds, isCausal }
          cluster.isGalera = await beginSession(connection, session)
        })
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

const databaseIn = (url: string) => decodeURIComponent(new URL(url).pathname.slice(1))

/** What a pool has found out about its server. */
interface ClusterSeen {
  isGalera: boolean
}

/** Whether the pool's newest connection is to a node of a Galera cluster, whose other nodes know of no lock but of writes. */
export function isOnGalera(db: Knex): boolean {
  const seen: ClusterSeen | undefined = db.client.config.cluster
  return seen?.isGalera === true
}

/** Calls `listener` with host and port whenever the calls of a database of several servers go to another one. */
export function onServerChange(db: Knex, listener: (host: string) => void): void {
  const servers: MysqlServers | undefined = db.client.config.servers
  servers?.onChange(listener)
}

/** Whether SQL of the MySQL kind is spoken, for the few statements where the two differ. */
export function isMysql(db: Knex): boolean {
  return clientName(db) === 'mysql2'
}
