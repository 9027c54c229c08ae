import type { Knex } from 'knex'
import { createTable } from './table-builder.js'

/** Calls with an `Idempotency-Key`, and what they were answered. */
export async function up(db: Knex): Promise<void> {
  await createTable(db, 'idempotent_call', (columns) => {
    columns.key('call_id', 64).primary()
    columns.key('claim', 32)
    columns.key('fingerprint', 64)
    columns.count('committed')
    columns.table.text('answer', 'mediumtext')
    columns.time('claimed_until').notNullable()
    columns.time('expires_at').notNullable().index()
  })
}
