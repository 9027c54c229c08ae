import type { Knex } from 'knex'
import { addMissingColumns } from './table-builder.js'

/** Of watched calls, whether it was proved that they are of what is watched. */
export async function up(db: Knex): Promise<void> {
  await addMissingColumns(db, 'watched_call', {
    is_proved: (columns) => void columns.count('is_proved', 1),
  })
}
