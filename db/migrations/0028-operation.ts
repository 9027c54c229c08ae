import type { Knex } from 'knex'
import { addIndex, addMissingColumns, createTable } from './table-builder.js'

/** Which applications call with which versions, and by which call an entry of the audit came about. */
export async function up(db: Knex): Promise<void> {
  await createTable(db, 'app_caller', (columns) => {
    columns.key('app_name', 64)
    columns.key('client_version', 32)
    columns.table.bigInteger('calls').notNullable().defaultTo(0)
    columns.time('first_seen_at').notNullable()
    columns.time('last_seen_at').notNullable()
    columns.table.primary(['app_name', 'client_version'])
    columns.table.index(['last_seen_at'])
  })
  await addMissingColumns(db, 'audit_entry', {
    request_id: (columns) => void columns.text('request_id', 64),
  })
  await addIndex(db, 'audit_entry', ['request_id'])
  await addIndex(db, 'audit_entry', ['ip', 'happened_at'])
}
