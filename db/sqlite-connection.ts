import Libsql from 'libsql'
import { BoundedMap } from './bounded-map.js'
import { DatabaseSessionError } from './unavailable.js'

/**
 * What every connection is set to. FULL: an acknowledged password change must survive a power cut (NORMAL may lose the
 * last commits).
 */
const settings: readonly Setting[] = [
  // A database in memory has no log.
  { name: 'journal_mode', value: 'WAL', shown: ['wal', 'memory'] },
  { name: 'synchronous', value: 'FULL', shown: [2] },
  { name: 'busy_timeout', value: '5000', shown: [5000] },
  { name: 'foreign_keys', value: 'ON', shown: [1] },
]

interface Setting {
  readonly name: string
  readonly value: string
  /** What SQLite answers when it is set. */
  readonly shown: readonly (string | number)[]
}

/**
 * Makes a new connection ours, and looks whether it is.
 *
 * @throws DatabaseSessionError for a file that cannot be used so, as on some network disks
 */
export function applySqliteSettings(connection: Pick<SqliteConnection, 'pragma'>): void {
  for (const { name, value, shown } of settings) {
    connection.pragma(`${name} = ${value}`)
    const [row] = connection.pragma(name) as readonly object[]
    const found: unknown = Object.values(row ?? {})[0]
    if (!shown.includes(found as string | number))
      throw new DatabaseSessionError(
        `the database does not keep a session's settings: ${name} is ${String(found)}, wanted ${value}`,
      )
  }
}

/** Statements kept for one connection, of a few kilobytes each: all of the product's fit. */
const mostStatements = 500

/** What may run again as it was prepared. Anything else may change what a statement means. */
const repeatable = /^\s*(select|insert|update|delete|with|begin|commit|rollback|savepoint|release)\b/i

type Statement = Libsql.Statement<[readonly unknown[]]>

/** Reads the rows that a statement finds. */
export interface RowReader {
  all(bindings: readonly unknown[]): object[]
  first(bindings: readonly unknown[]): object | undefined
}

/**
 * A connection of libsql that keeps its statements: to prepare one takes as long as to read a row by its key.
 */
export class SqliteConnection extends Libsql {
  readonly #statements = new BoundedMap<string, Statement>(mostStatements)
  readonly #rowReaders = new BoundedMap<string, RowReader>(mostStatements)
  /** knex's mark of a connection that must not be used again; knex has no call that sets it. */
  __knex__disposed?: unknown

  /** The statement of this SQL, prepared at its first use. */
  statementOf(sql: string): Statement {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.prepare<[readonly unknown[]]>(sql)
    if (repeatable.test(sql)) this.#statements.set(sql, statement)
    else this.#forgetAll()
    return statement
  }

  /** Reads rows a fifth to a third quicker than the statement alone does: libsql is slow to name values. */
  rowReaderOf(sql: string): RowReader {
    const known = this.#rowReaders.get(sql)
    if (known) return known
    const statement = this.prepare<[readonly unknown[]]>(sql).raw()
    const nameRow = compileNaming(statement.columns().map(({ name }) => name))
    const reader: RowReader = {
      all: (bindings) => statement.all(bindings).map((values) => nameRow(values as readonly unknown[])),
      first(bindings) {
        const values = statement.get(bindings)
        return values === undefined ? undefined : nameRow(values as readonly unknown[])
      },
    }
    this.#rowReaders.set(sql, reader)
    return reader
  }

  /** Prepares the statement anew at its next use: in which state one is that failed is not documented. */
  forget(sql: string): void {
    this.#statements.delete(sql)
    this.#rowReaders.delete(sql)
  }

  #forgetAll(): void {
    this.#statements.clear()
    this.#rowReaders.clear()
  }
}

/**
 * Makes rows of values. An object that is given more than a dozen fields by computed names becomes a hash table, which is
 * slow to make and to read; a literal is neither, and mysql2 makes its rows in the same way.
 */
function compileNaming(names: readonly string[]): (values: readonly unknown[]) => object {
  const fields = names.map((name, at) => `${JSON.stringify(name)}: values[${at}]`)
  // oxlint-disable-next-line no-implied-eval -- all that is written into it are the columns of our own SQL, quoted
  return new Function('values', `return { ${fields.join(', ')} }`) as (values: readonly unknown[]) => object
}
