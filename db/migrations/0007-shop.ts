import type { Knex } from 'knex'
import { addMissingIndex, createTable } from './table-builder.js'

/** Taking over an existing shop's users (account.md §8): how far it is, and what two of them both had. */
export async function up(db: Knex): Promise<void> {
  await createTable(db, 'shop_adoption', (columns) => {
    columns.key('step', 20).primary()
    columns.table.integer('position').unsigned().notNullable().defaultTo(0)
    columns.time('done_at')
  })
  await addMissingIndex(db, 'account_user_bind_connect', 'user_id')
  await addMissingIndex(db, 'account_user_login_history', 'user_id')
  await createTable(db, 'identity_conflict', (columns) => {
    columns.key('kind', 10)
    columns.key('value')
    columns.userId()
    columns.userId('kept_user_id')
    columns.time('found_at').notNullable()
    columns.table.primary(['kind', 'value', 'user_id'])
  })
}
