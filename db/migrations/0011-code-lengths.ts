import type { Knex } from 'knex'
import { addMissingColumns } from './table-builder.js'

/** Codes of a length of its own for each application (account.md §7). */
export async function up(db: Knex): Promise<void> {
  await addMissingColumns(db, 'client_app', {
    code_length: (columns) => columns.table.integer('code_length').nullable(),
  })
  // A node of the version before does not name it; codes of an unknown length count as short ones.
  await addMissingColumns(db, 'sent_code', { code_length: (columns) => columns.count('code_length') })
}
