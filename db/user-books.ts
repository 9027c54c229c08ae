import type { Knex } from 'knex'
import { compileWrites, type NextMark } from './compiled-write.js'
import { mostRows, slicesOf } from './statement-size.js'

interface UserBookRow {
  user_id: number
  /** How often the book was opened. */
  changes: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    user_book: UserBookRow
  }
}

const writes = compileWrites()

/**
 * Makes the changes of what users keep (addresses, invoices) wait for each other until the transaction ends, so that
 * what a change counts and finds there stays true. It writes a row of the user's own, since clusters tell nodes of each other's writes
 * only, not of locks.
 */
export async function openUserBooks(db: Knex, userIds: readonly number[]): Promise<void> {
  const books = [...new Set(userIds)].sort((left, right) => left - right)
  for (const some of slicesOf(books, mostRows)) {
    const build = (mark: NextMark) =>
      db('user_book')
        .insert(some.map(() => ({ user_id: mark(), changes: 1 })))
        .onConflict('user_id')
        .merge({ changes: db.raw('?? + 1', ['user_book.changes']) })
    await writes(db, { key: `${some.length}`, build }, some)
  }
}
