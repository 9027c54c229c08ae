import type { Knex } from 'knex'
import { addIndex, addMissingColumns, type Columns, giveDefaults, widenText } from './table-builder.js'

const table = 'account_user_message'

const texts = {
  user_nickname: 50,
  user_other_nickname: 50,
  message_title: 50,
  message_content: 1024,
  message_cat: 20,
  message_data_id: 50,
}

const counts = [
  'message_parent_id',
  'user_other_id',
  'message_is_read',
  'message_is_delete',
  'message_data_type',
  'message_length',
  'message_w',
  'message_h',
]

/** In-site messages (account.md §8): an imported table is given what it lacks, and every list its index. */
export async function up(db: Knex): Promise<void> {
  for (const [name, length] of Object.entries(texts)) {
    await addMissingColumns(db, table, { [name]: (columns) => columns.text(name, length) })
    await widenText(db, table, name, length)
  }
  for (const name of counts)
    await addMissingColumns(db, table, { [name]: (columns: Columns) => columns.count(name) })
  await addMissingColumns(db, table, {
    message_kind: (columns) => columns.count('message_kind', 1),
    message_type: (columns) => columns.count('message_type', 1),
    message_time: (columns) => columns.time('message_time').notNullable().defaultTo(0),
  })
  await giveDefaults(db, table)
  // Own messages by kind, chats, unread ones, notices.
  await addIndex(db, table, ['user_id', 'message_kind', 'message_time'])
  await addIndex(db, table, ['user_id', 'user_other_id', 'message_time'])
  await addIndex(db, table, ['user_id', 'message_kind', 'message_is_read'])
  await addIndex(db, table, ['user_id', 'message_type', 'message_time'])
}
