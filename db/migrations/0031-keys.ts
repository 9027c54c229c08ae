import type { Knex } from 'knex'
import { addMissingColumns, createTable } from './table-builder.js'

/** Which keys the nodes hold, when each was last written with, and recovery codes that can be sealed anew. */
export async function up(db: Knex): Promise<void> {
  await createTable(db, 'key_holder', (columns) => {
    columns.key('node_id', 16)
    columns.key('variable', 16)
    columns.key('fingerprint', 16)
    columns.text('node_name', 100)
    columns.count('is_written')
    columns.time('seen_at').notNullable()
    columns.time('expires_at').notNullable().index()
    columns.table.primary(['node_id', 'variable', 'fingerprint'])
  })
  await createTable(db, 'key_use', (columns) => {
    columns.key('variable', 16)
    columns.key('fingerprint', 16)
    columns.time('first_at').notNullable()
    columns.time('last_at').notNullable()
    columns.table.primary(['variable', 'fingerprint'])
  })
  await addMissingColumns(db, 'console_recovery_code', {
    sealed_digest: (columns) => columns.text('sealed_digest', 190),
  })
}
