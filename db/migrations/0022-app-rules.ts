import type { Knex } from 'knex'
import { addMissingColumns } from './table-builder.js'

/**
 * What an application is refused for besides a wrong signature. Null is the default, so that a node of the version
 * before may go on registering applications.
 */
export async function up(db: Knex): Promise<void> {
  await addMissingColumns(db, 'client_app', {
    recut: (columns) => columns.table.string('recut', 10).nullable(),
    query_credentials: (columns) => columns.table.string('query_credentials', 10).nullable(),
  })
}
