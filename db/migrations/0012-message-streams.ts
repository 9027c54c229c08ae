import type { Knex } from 'knex'
import { addIndex } from './table-builder.js'

/** What has come to an inbox after a message is found without reading the inbox. */
export async function up(db: Knex): Promise<void> {
  await addIndex(db, 'account_user_message', ['user_id', 'message_kind', 'message_id'])
}
