import type { Knex } from 'knex'
import { createTable } from './table-builder.js'

/** Codes on their way to their owner, beside the one of `sent_code` that was delivered before. */
export async function up(db: Knex): Promise<void> {
  await createTable(db, 'pending_code', (columns) => {
    columns.key('address')
    columns.count('sequence')
    columns.key('code_id', 32)
    columns.key('digest', 64)
    columns.text('purpose', 32)
    columns.count('code_length')
    columns.count('wrong_tries')
    columns.time('expires_at').notNullable().index()
    columns.table.primary(['address', 'sequence'])
  })
}
