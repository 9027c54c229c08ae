/** What of mysql2's connection is used besides knex. */
export interface MysqlConnection {
  query(sql: string, done: Done): void
  execute(sql: string, bindings: readonly unknown[], done: Done): void
  /** Nothing is asked of the server where the connection keeps the statement already. */
  prepare(sql: string, done: (error: Error | null) => void): void
  /** Tells the server, once all before it is answered; `done` is told as soon as that is on its way, or can't be. */
  end(done: (error?: Error | null) => void): void
  destroy(): void
  readonly stream: { destroy(): void }
  /** knex's mark of a connection that must not be used again; knex has no call that sets it. */
  __knex__disposed?: unknown
}

export type Done = (error: Error | null, rows: unknown, columns?: readonly Column[]) => void

/** A column of an answer, as the driver describes it. */
export interface Column {
  readonly columnType: number
  readonly name: string
}

export interface MysqlStatement {
  readonly sql: string
  readonly bindings?: readonly unknown[] | undefined
}

/** How many statements a connection keeps. A server keeps 16,382 in all, for every connection of every node. */
export const mostPreparedStatements = 200

const watches = new WeakMap<MysqlConnection, TransactionWatch>()

/** From now on a transaction of this connection that its server has ended in silence is found out, as on Galera. */
export function watchTransactions(connection: MysqlConnection): void {
  watches.set(connection, new TransactionWatch(connection))
}

/** Sends a statement, as a prepared one if it has values. */
export function sendStatement(connection: MysqlConnection, statement: MysqlStatement, done: Done): void {
  const { sql, bindings = [] } = statement
  const watch = watches.get(connection)
  if (watch) watch.send(statement, done)
  else if (bindings.length === 0) connection.query(sql, done)
  else execute(connection, statement, done)
}

/** Values that the driver does not take are an error like another; by itself it throws them at whoever is there. */
function execute(connection: MysqlConnection, { sql, bindings = [] }: MysqlStatement, done: Done): void {
  try {
    connection.execute(sql, bindings, done)
  } catch (error) {
    done(error as Error, undefined)
  }
}

/** Of the server's status flags, in its answers to what gives no rows. */
const inTransaction = 1

/**
 * On a Galera cluster a transaction that stands in another node's way is rolled back, and its next statement fails.
 * Where that happens just while a statement is prepared, MariaDB does not say so (seen with 10.11, 11 times of 20,000
 * pairs that met): what follows would be done by itself, each statement committed at once. So whenever a statement was
 * prepared in a transaction, the server is asked whether there still is one: once for each statement of a connection.
 */
class TransactionWatch {
  readonly #connection: MysqlConnection
  #isOpen = false

  constructor(connection: MysqlConnection) {
    this.#connection = connection
  }

  send(statement: MysqlStatement, done: Done): void {
    const { sql, bindings = [] } = statement
    if (bindings.length > 0) {
      if (this.#isOpen) this.#executeInTransaction(statement, done)
      else execute(this.#connection, statement, done)
    } else if (/^begin/i.test(sql)) this.#begin(sql, done)
    else {
      this.#isOpen &&= !/^(?:commit|rollback)/i.test(sql)
      this.#connection.query(sql, done)
    }
  }

  #begin(sql: string, done: Done): void {
    this.#isOpen = true
    this.#connection.query(sql, (error, rows, columns) => {
      if (error) this.#isOpen = false
      done(error, rows, columns)
    })
  }

  #executeInTransaction(statement: MysqlStatement, done: Done): void {
    const go = () => execute(this.#connection, statement, done)
    let isKept = true
    this.#connection.prepare(statement.sql, (error) => {
      if (error) done(error, undefined)
      else if (isKept) go()
      else this.#ifOpen(go, done)
    })
    // Without the server the driver answers before this; one that it would answer later is asked about once more.
    isKept = false
  }

  #ifOpen(go: () => void, done: Done): void {
    this.#connection.query('DO 0', (error, answer) => {
      if (error) return done(error, undefined)
      const { serverStatus } = answer as { readonly serverStatus: number }
      if (serverStatus & inTransaction) go()
      else done(endedInSilence(), undefined)
    })
  }
}

/** To be begun anew, as what the server says where it does. */
function endedInSilence(): Error {
  const error = new Error('the server has rolled the transaction back, and has not said so')
  return Object.assign(error, { code: 'ER_LOCK_DEADLOCK' })
}
