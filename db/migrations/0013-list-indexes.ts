import type { Knex } from 'knex'
import { addIndex, dropIndex } from './table-builder.js'

/** Every list finds its rows by an index, in the order in which it shows them, however many there are (account.md §6, §8). */
export async function up(db: Knex): Promise<void> {
  await indexMessages(db)
  // What administrators filter users by.
  for (const column of ['user_state', 'user_level_id', 'user_is_authentication'])
    await addIndex(db, 'account_user_info', [column])
}

/** The new indexes begin with the columns of two older ones, which would only cost what every message costs. */
async function indexMessages(db: Knex): Promise<void> {
  const table = 'account_user_message'
  // As the list of messages is ordered. A database that knows no descending indexes sorts the user's own messages.
  const shown = ['user_id', 'message_kind', 'message_time desc', 'message_is_read', 'message_id desc']
  await addIndex(db, table, shown, 'message_by_kind')
  await addIndex(db, table, ['user_id', 'message_kind', 'message_is_read', 'message_time'], 'message_by_read')
  await dropIndex(db, table, ['user_id', 'message_kind', 'message_time'])
  await dropIndex(db, table, ['user_id', 'message_kind', 'message_is_read'])
}
