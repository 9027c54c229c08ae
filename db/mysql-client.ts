import MysqlClient from 'knex/lib/dialects/mysql2/index.js'
import type Runner from 'knex/lib/execution/runner.js'
import { untilReached } from './fail-over.js'
import {
  type Column,
  type Done,
  type MysqlConnection,
  type MysqlStatement,
  sendStatement,
} from './mysql-connection.js'
import { type Builder, runnerOf } from './retrying-runner.js'
import type { StatementTimes } from './statement-times.js'
import { isOutOfService } from './unavailable.js'

/** The rows of a select with their columns, or what a write has done without any. */
export type MysqlAnswer = readonly [rows: unknown, columns: readonly Column[] | undefined]

/** The servers of a pool (db/mysql-servers.ts), which say where the next connection leads to. */
interface Servers {
  connect(open: (place: object) => Promise<MysqlConnection>): Promise<MysqlConnection>
  close(): void
}

/** How long a statement may take, and where is counted how long it took. */
export interface StatementLimit {
  /** Undefined: as long as it likes. Set once the server serves. */
  milliseconds?: number | undefined
  readonly times?: StatementTimes
}

/** How long a server has to close a connection that is not wanted any more. */
const farewellMilliseconds = 1000

/**
 * knex's mysql2 dialect, but values travel beside the SQL instead of in it, a database that is silent is left, and one
 * that breaks off is followed to its successor where that does nothing twice.
 */
export class BoundMysqlClient extends MysqlClient {
  /** Not while the server starts: who starts it wants to hear at once that there is no database. */
  get followsFailOver(): boolean {
    const limit = this.config.statementLimit as StatementLimit | undefined
    return this.config.followsFailOver === true && limit?.milliseconds !== undefined
  }

  /** Whatever the reason for which no connection is had (a limit, a locked account), a later call may have one. */
  override async acquireRawConnection(): Promise<unknown> {
    const servers = this.config.servers as Servers
    try {
      return await servers.connect((place) => {
        const connectionSettings = { ...this.connectionSettings, ...place }
        const client = Object.create(this, { connectionSettings: { value: connectionSettings } }) as this
        return super.acquireRawConnection.call(client) as Promise<MysqlConnection>
      })
    } catch (error) {
      throw Object.assign(error as Error, { whileConnecting: true })
    }
  }

  /**
   * Not knex's, which takes its listeners off a connection that has only been told to go: where its server is gone without a
   * word, the system says so a quarter of an hour later, and an error that nobody hears ends the process.
   */
  override async destroyRawConnection(connection: MysqlConnection): Promise<void> {
    setTimeout(() => connection.stream.destroy(), farewellMilliseconds).unref()
    await new Promise<void>((resolve) => connection.end(() => resolve()))
  }

  override async destroy(callback?: (error?: unknown) => void): Promise<void> {
    const servers = this.config.servers as Servers
    servers.close()
    await super.destroy(callback)
  }

  /** When a connection was last given back, by the clock of the process. Not private: knex makes clients of clients. */
  returnedAt = 0

  /** Who waits in vain for a connection is told whether others were served meanwhile. */
  override acquireConnection(): Promise<unknown> {
    // Nothing was sent yet: whatever it is for, another try does no harm.
    return untilReached(
      () => this.acquireOnce(),
      () => this.followsFailOver,
    )
  }

  private async acquireOnce(): Promise<unknown> {
    const began = performance.now()
    try {
      return await super.acquireConnection()
    } catch (error) {
      throw this.returnedAt > began ? Object.assign(error as Error, { whileOthersWereServed: true }) : error
    }
  }

  override releaseConnection(connection: MysqlConnection): Promise<void> {
    // One that was dropped has served nobody.
    if (connection.__knex__disposed === undefined) this.returnedAt = performance.now()
    return super.releaseConnection(connection)
  }

  override runner(builder: Builder): Runner {
    return runnerOf(this, builder)
  }

  override async _query(connection: MysqlConnection, query: MysqlStatement): Promise<Answered> {
    const limit = this.config.statementLimit as StatementLimit | undefined
    const response = await runStatement(connection, query, limit)
    return Object.assign(query, { response })
  }
}

interface Answered extends MysqlStatement {
  readonly response: MysqlAnswer
}

/**
 * Runs one statement on a connection of the driver, a prepared one if it has values: the server never finds them in
 * SQL, whatever its modes make of a backslash. A connection whose server is silent for too long is dropped; one whose
 * server only reads, or goes, is not lent again, as a new one may lead to its successor.
 *
 * @throws what the driver throws; PROTOCOL_SEQUENCE_TIMEOUT after the limit
 */
export function runStatement(
  connection: MysqlConnection,
  statement: MysqlStatement,
  { milliseconds, times }: StatementLimit = {},
): Promise<MysqlAnswer> {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const leave = () => {
      const error = new Error(`the database has not answered for ${milliseconds} ms`)
      dropConnection(connection, Object.assign(error, { code: 'PROTOCOL_SEQUENCE_TIMEOUT' }))
      times?.add(statement.sql, started)
      reject(error)
    }
    const timer = milliseconds === undefined ? undefined : setTimeout(leave, milliseconds)
    const done: Done = (error, rows, columns) => {
      clearTimeout(timer)
      times?.add(statement.sql, started)
      if (!error) return resolve([rows, columns])
      if (isOutOfService(error)) connection.__knex__disposed = error
      reject(error)
    }
    sendStatement(connection, statement, done)
  })
}

/** Ends a connection at once: closing it politely waits for the server. */
export function dropConnection(connection: MysqlConnection, reason: unknown): void {
  connection.__knex__disposed = reason
  connection.destroy()
  connection.stream.destroy()
}
