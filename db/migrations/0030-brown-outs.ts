import type { Knex } from 'knex'
import { createTable } from './table-builder.js'

/** Methods that do not answer for a while, so that whoever still calls them notices. */
export async function up(db: Knex): Promise<void> {
  await createTable(db, 'brown_out', (columns) => {
    columns.key('method', 100).primary()
    columns.time('started_at').notNullable()
    columns.time('expires_at').notNullable().index()
  })
}
