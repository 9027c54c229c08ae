import type { Knex } from 'knex'
import { addIndex } from './table-builder.js'

const table = 'account_user_message'

/** In-site messages (account.md §8): every list its index. */
export async function up(db: Knex): Promise<void> {
  // Own messages by kind, chats, unread ones, notices.
  await addIndex(db, table, ['user_id', 'message_kind', 'message_time'])
  await addIndex(db, table, ['user_id', 'user_other_id', 'message_time'])
  await addIndex(db, table, ['user_id', 'message_kind', 'message_is_read'])
  await addIndex(db, table, ['user_id', 'message_type', 'message_time'])
}
