import type { Knex } from 'knex'
import { compileShapes } from './compiled-read.js'
import type { ListDefinition, ListOrder } from './list-definition.js'
import { messageKinds, messageTypes, type UserMessageRow } from './user-messages.js'

/** A message with the pictures of both users, null for one who has no row. */
export interface ListedMessageRow extends Omit<UserMessageRow, 'message_cat_full'> {
  user_avatar: string | null
  user_other_avatar: string | null
}

/** A user's messages, by kind, the newest first (account.md §6). */
export function ownMessageList(userId: number): ListDefinition<ListedMessageRow> {
  return {
    filters: {
      message_kind: 'message.message_kind',
      user_other_id: 'message.user_other_id',
      message_is_read: 'message.message_is_read',
      user_nickname: 'message.user_nickname',
    },
    order: [
      { column: 'message_time', descending: true },
      { column: 'message_is_read', descending: false },
      { column: 'message_id', descending: true },
    ],
    ...ownMessages(userId),
  }
}

/** A user's unread system notices since a moment (ms), the newest first, with their pictures. */
export async function listUnreadNotices(
  db: Knex,
  userId: number,
  { since, most }: { readonly since: number; readonly most: number },
): Promise<ListedMessageRow[]> {
  return selectListed(db)
    .where({
      'message.user_id': userId,
      'message.message_type': messageTypes.system,
      'message.message_kind': messageKinds.received,
      'message.message_is_read': 0,
    })
    .where('message.message_time', '>=', since)
    .orderBy([
      { column: 'message.message_time', order: 'desc' },
      { column: 'message.message_id', order: 'desc' },
    ])
    .limit(most)
}

/** What a user and another one wrote to each other. */
export function chatList(
  userId: number,
  { oldestFirst }: { readonly oldestFirst: boolean },
): ListDefinition<ListedMessageRow> {
  const order: ListOrder[] = [{ column: 'message_time', descending: !oldestFirst }]
  return { filters: { user_other_id: 'message.user_other_id' }, order, ...ownMessages(userId) }
}

const statements = compileShapes()

function ownMessages(userId: number): Omit<ListDefinition<ListedMessageRow>, 'filters' | 'order'> {
  return {
    from: messages,
    owner: { column: 'message.user_id', userId, statements },
    joins: pictures,
    columns: { ...listedColumns, message_cat: messageCat },
    sortable: [
      'message_id',
      'message_time',
      'message_kind',
      'message_is_read',
      'message_type',
      'message_cat',
      'message_data_type',
      'user_other_id',
      'user_other_nickname',
    ],
    searchable: ['message_title', 'message_content', 'user_nickname', 'user_other_nickname'],
    time: 'message.message_time',
    key: 'message_id',
  }
}

const messages = (db: Knex): Knex.QueryBuilder => db('account_user_message as message')

/** The rows of both users. */
const pictures = {
  own: 'left join account_user_info as own on own.user_id = message.user_id',
  other: 'left join account_user_info as other on other.user_id = message.user_other_id',
}

const messageCat = "coalesce(nullif(message.message_cat_full, ''), message.message_cat)"

/** Messages with the rows of both users, as lists show them. */
export function selectListed(db: Knex): Knex.QueryBuilder {
  const cat = db.raw(messageCat)
  return messages(db)
    .joinRaw(pictures.own)
    .joinRaw(pictures.other)
    .select({ ...listedColumns, message_cat: cat })
}

const listedColumns = {
  message_id: 'message.message_id',
  message_parent_id: 'message.message_parent_id',
  user_id: 'message.user_id',
  user_nickname: 'message.user_nickname',
  message_kind: 'message.message_kind',
  user_other_id: 'message.user_other_id',
  user_other_nickname: 'message.user_other_nickname',
  message_title: 'message.message_title',
  message_content: 'message.message_content',
  message_time: 'message.message_time',
  message_is_read: 'message.message_is_read',
  message_is_delete: 'message.message_is_delete',
  message_type: 'message.message_type',
  message_cat: 'message.message_cat',
  message_data_type: 'message.message_data_type',
  message_data_id: 'message.message_data_id',
  message_length: 'message.message_length',
  message_w: 'message.message_w',
  message_h: 'message.message_h',
  user_avatar: 'own.user_avatar',
  user_other_avatar: 'other.user_avatar',
}

/** The messages of all users, the newest first, as administrators list them (account-beside.md §4.5). */
export const managedMessageList: ListDefinition<ListedMessageRow> = {
  from: messages,
  joins: pictures,
  columns: { ...listedColumns, message_cat: messageCat },
  filters: {
    user_id: 'message.user_id',
    message_id: 'message.message_id',
  },
  sortable: ['message_id', 'message_time'],
  searchable: ['message_title', 'message_content'],
  time: 'message.message_time',
  order: [{ column: 'message_id', descending: true }],
  key: 'message_id',
}
