import MysqlClient from 'knex/lib/dialects/mysql2/index.js'
import { isOutOfService } from './unavailable.js'

/** What of mysql2's connection is used besides knex. */
export interface MysqlConnection {
  query(sql: string, done: Done): void
  execute(sql: string, bindings: readonly unknown[], done: Done): void
  destroy(): void
  readonly stream: { destroy(): void }
  /** knex's mark of a connection that must not be used again; knex has no call that sets it. */
  __knex__disposed?: unknown
}

type Done = (error: Error | null, rows: unknown, columns?: readonly Column[]) => void

/** A column of an answer, as the driver describes it. */
export interface Column {
  readonly columnType: number
  readonly name: string
}

/** The rows of a select with their columns, or what a write has done without any. */
export type MysqlAnswer = readonly [rows: unknown, columns: readonly Column[] | undefined]

interface Statement {
  readonly sql: string
  readonly bindings?: readonly unknown[] | undefined
}

/** How long a statement may take, in milliseconds; undefined: as long as it likes. Set once the server serves. */
export interface StatementLimit {
  milliseconds: number | undefined
}

/** knex's mysql2 dialect, but values travel beside the SQL instead of in it, and a database that is silent is left. */
export class BoundMysqlClient extends MysqlClient {
  /** Whatever the reason for which no connection is had (a limit, a locked account), a later call may have one. */
  override async acquireRawConnection(): Promise<unknown> {
    try {
      return await super.acquireRawConnection()
    } catch (error) {
      throw Object.assign(error as Error, { whileConnecting: true })
    }
  }

  override async _query(connection: MysqlConnection, query: Statement): Promise<Answered> {
    const limit = this.config.statementLimit as StatementLimit | undefined
    const response = await runStatement(connection, query, limit?.milliseconds)
    return Object.assign(query, { response })
  }
}

interface Answered extends Statement {
  readonly response: MysqlAnswer
}

/**
 * Runs one statement on a connection of the driver, a prepared one if it has values: the server never finds them in
 * SQL, whatever its modes make of a backslash. A connection whose server is silent for too long is dropped; one whose
 * server only reads, or goes, is not lent again, as a new one may lead to its successor.
 *
 * @throws what the driver throws; PROTOCOL_SEQUENCE_TIMEOUT after `milliseconds`
 */
export function runStatement(
  connection: MysqlConnection,
  { sql, bindings = [] }: Statement,
  milliseconds: number | undefined,
): Promise<MysqlAnswer> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      const error = new Error(`the database has not answered for ${milliseconds} ms`)
      dropConnection(connection, Object.assign(error, { code: 'PROTOCOL_SEQUENCE_TIMEOUT' }))
      reject(error)
    }
    const timer = milliseconds === undefined ? undefined : setTimeout(leave, milliseconds)
    const done: Done = (error, rows, columns) => {
      clearTimeout(timer)
      if (!error) return resolve([rows, columns])
      if (isOutOfService(error)) connection.__knex__disposed = error
      reject(error)
    }
    if (bindings.length === 0) connection.query(sql, done)
    else connection.execute(sql, bindings, done)
  })
}

/** Ends a connection at once: closing it politely waits for the server. */
export function dropConnection(connection: MysqlConnection, reason: unknown): void {
  connection.__knex__disposed = reason
  connection.destroy()
  connection.stream.destroy()
}
