import type { Knex } from 'knex'
import { createTable } from './table-builder.js'

/** Tokens of the old shop that were ended here before their time (account-beside.md §2.3): their SHA-256. */
export async function up(db: Knex): Promise<void> {
  await createTable(db, 'ended_shop_token', (columns) => {
    columns.key('token_digest', 64).primary()
    columns.time('expires_at').notNullable().index()
  })
}
