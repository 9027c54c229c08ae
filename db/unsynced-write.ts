import type { Knex } from 'knex'
import { isMysql } from './connect.js'
import { withConnection } from './knex-internals.js'
import type { SqliteConnection } from './sqlite-connection.js'

/**
 * Runs one write that a power cut may undo; a crash of the process undoes it never. SQLite does not wait for the disk
 * then, which is nearly all such a write takes, on the thread that answers everybody; the next write that does wait
 * brings this one to the disk too. Elsewhere, and in a transaction, a write like any other.
 */
export async function writeUnsynced(db: Knex, build: (db: Knex) => Knex.QueryBuilder): Promise<void> {
  if (db.isTransaction || isMysql(db)) {
    await build(db)
    return
  }
  await withConnection(db, async (connection: SqliteConnection) => {
    try {
      connection.pragma('synchronous = NORMAL')
      await build(db).connection(connection)
    } finally {
      connection.pragma('synchronous = FULL')
    }
  })
}
