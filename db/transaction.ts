import type { Knex } from 'knex'
import { untilReached } from './fail-over.js'
import { runInTransaction } from './knex-transaction.js'
import { inSpan, isTraced } from './span.js'
import { untilTaken } from './until-taken.js'

/** What transactions are opened on: a connection, and what is written with whatever one of them commits. */
interface Transactional {
  readonly db: Knex
  /** Runs at the end of every transaction, in it; throws where nothing of it may be committed. */
  readonly beforeCommit?: (services: { readonly db: Knex.Transaction }) => Promise<void>
}

/** Services whose connection is that of an open transaction. */
export type InTransaction<S> = S & { readonly db: Knex.Transaction }

/**
 * Runs `work` in one transaction and commits it; whatever it throws rolls back. `work` is given the services with the
 * transaction's connection, and shadows the outer ones by their name, so that nothing in it can reach past the
 * transaction. Deadlocks and lock time-outs are retried with jitter, and so is what breaks off before its commit, so
 * `work` may run more than once and must do nothing but database work. Whether a commit was done that was not answered
 * is not known: that is never repeated. A statement outside of all transactions is one by itself: MySQL is asked again
 * the same way (retrying-runner.ts); SQLite has waited for five seconds then.
 */
export function transaction<S extends Transactional, T>(
  services: S,
  work: (services: InTransaction<S>) => Promise<T>,
): Promise<T> {
  let isCommitting = false
  const attempt = () => {
    isCommitting = false
    return runInTransaction(services.db, async (db) => {
      const inner = { ...services, db }
      const result = await work(inner)
      await services.beforeCommit?.(inner)
      isCommitting = true
      return result
    })
  }
  const run = () =>
    untilReached(
      () => untilTaken(attempt),
      () => !isCommitting,
    )
  return isTraced() ? inSpan({ name: 'transaction' }, run) : run()
}

/** Whether a write was refused because a unique key exists already. */
export function isDuplicate(error: unknown): boolean {
  return ['ER_DUP_ENTRY', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'].includes(
    errorCode(error),
  )
}

const refusedRowCodes = new Set([
  'ER_DATA_TOO_LONG',
  'ER_TRUNCATED_WRONG_VALUE',
  'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD',
  'ER_WARN_DATA_OUT_OF_RANGE',
  'ER_BAD_NULL_ERROR',
  'ER_CANNOT_CONVERT_STRING',
  'SQLITE_CONSTRAINT_NOTNULL',
  'SQLITE_CONSTRAINT_CHECK',
])

/** Whether a write was refused because of a value in it, so that others may be taken. */
export function isRefusedRow(error: unknown): boolean {
  return isDuplicate(error) || refusedRowCodes.has(errorCode(error))
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
