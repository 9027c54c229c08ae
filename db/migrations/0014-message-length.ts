import type { Knex } from 'knex'
import { widenText } from './table-builder.js'

/** 1024 characters as they were written (account.md §6): stored, each may take up to five, as in `&amp;`. */
export async function up(db: Knex): Promise<void> {
  await widenText(db, 'account_user_message', 'message_content', 5 * 1024)
}
