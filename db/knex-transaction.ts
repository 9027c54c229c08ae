import type { Knex } from 'knex'
import { isMysql } from './connect.js'

/** The driver's connection, as far as both have the same. */
interface Connection {
  /** Of SQLite. */
  readonly inTransaction?: boolean
  /** knex's mark of a connection that must not be used again; knex has no call that sets it. */
  __knex__disposed?: unknown
}

interface Client {
  query(connection: Connection, query: unknown): Promise<unknown>
  acquireConnection(): Promise<Connection>
  releaseConnection(connection: Connection): Promise<void>
}

interface Lifetime {
  isOver: boolean
}

/**
 * Runs `work` on one connection between BEGIN and COMMIT; what it throws rolls back. knex's own transactions make a
 * whole knex each, which takes six times as long as the two statements do: this one borrows all of it from the pool's
 * knex but the connection. What is asked of it after its end is refused, so that nothing gets into the next
 * transaction of the connection.
 *
 * SQLite takes its write lock at BEGIN: taken at the first write, it would fail at once when another process wrote
 * since the transaction's first read.
 */
export async function runInTransaction<Result>(
  db: Knex,
  work: (db: Knex.Transaction) => Promise<Result>,
): Promise<Result> {
  if (db.isTransaction) throw new Error('a transaction is open already')
  const pool: Client = db.client
  const connection = await pool.acquireConnection()
  const lifetime: Lifetime = { isOver: false }
  try {
    await pool.query(connection, isMysql(db) ? 'BEGIN;' : 'BEGIN IMMEDIATE;')
    try {
      const result = await work(bindTo(db, connection, lifetime))
      lifetime.isOver = true
      await pool.query(connection, 'COMMIT;')
      return result
    } catch (error) {
      lifetime.isOver = true
      await rollBack(pool, connection)
      throw error
    }
  } finally {
    await pool.releaseConnection(connection)
  }
}

async function rollBack(pool: Client, connection: Connection): Promise<void> {
  // A full or broken disk makes SQLite roll back by itself; to be told so would hide why.
  if (connection.inTransaction === false) return
  try {
    await pool.query(connection, 'ROLLBACK')
  } catch (error) {
    connection.__knex__disposed = error
  }
}

/** The knex of a pool, all of whose queries run on one connection. */
function bindTo(db: Knex, connection: Connection, lifetime: Lifetime): Knex.Transaction {
  const pool: Client & Pick<Knex, 'queryBuilder'> = db.client
  const bound = Object.assign(Object.create(pool) as typeof pool, {
    transacting: true,
    query: async (given: Connection, query: unknown) => {
      requireOpen(lifetime)
      return pool.query.call(bound, given, query)
    },
    acquireConnection: async () => {
      requireOpen(lifetime)
      return connection
    },
    releaseConnection: () => Promise.resolve(),
  })
  const from = (table: string) => bound.queryBuilder().table(table)
  Object.setPrototypeOf(from, db)
  const { context } = db as unknown as { readonly context: object }
  return Object.assign(from, {
    context: Object.assign(Object.create(context) as object, { client: bound }),
    isTransaction: true,
    isCompleted: () => lifetime.isOver,
  }) as unknown as Knex.Transaction
}

function requireOpen({ isOver }: Lifetime): void {
  if (isOver) throw new Error('the transaction has ended')
}
