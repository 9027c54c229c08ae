import type { Knex } from 'knex'
import { createTable } from './table-builder.js'

/** Who calls with a password in the query, so that an operator knows whom refusing it would break. */
export async function up(db: Knex): Promise<void> {
  await createTable(db, 'credential_caller', (columns) => {
    columns.key('app_name', 64)
    columns.key('method', 100)
    columns.key('network', 50)
    columns.key('client_version', 32)
    columns.count('calls')
    columns.time('first_seen_at').notNullable()
    columns.time('last_seen_at').notNullable()
    columns.table.primary(['app_name', 'method', 'network', 'client_version'])
    columns.table.index(['last_seen_at'])
  })
}
