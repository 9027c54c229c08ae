import type { Knex } from 'knex'
import { defined } from '../gateway/wire/defined-fields.js'
import { compileRead } from './compiled-read.js'
import { messageKinds, messageTypes, type UserMessageRow, withCat } from './user-messages.js'

/** Marks all system notices that a user received as read and returns how many were not yet. */
export async function markNoticesRead(db: Knex, userId: number): Promise<number> {
  return db('account_user_message')
    .where({
      user_id: userId,
      message_kind: messageKinds.received,
      message_type: messageTypes.system,
      message_is_read: 0,
    })
    .update({ message_is_read: 1 })
}

/** Which of a user's messages are meant; all if neither is given. */
export interface ReadMessages {
  readonly messageId?: number | undefined
  readonly otherId?: number | undefined
}

/** Marks received messages as read and returns how many were not yet. */
export async function markRead(db: Knex, userId: number, which: ReadMessages): Promise<number> {
  return ownRows(db, userId, which)
    .where({ message_kind: messageKinds.received, message_is_read: 0 })
    .update({ message_is_read: 1 })
}

/** Whether a user has a row of any of these messages, sent or received, read or not. */
export async function hasMessages(db: Knex, userId: number, which: ReadMessages): Promise<boolean> {
  return (await ownRows(db, userId, which).first('message_id')) !== undefined
}

function ownRows(db: Knex, userId: number, { messageId, otherId }: ReadMessages) {
  return db('account_user_message').where({
    user_id: userId,
    ...defined({ message_id: messageId, user_other_id: otherId }),
  })
}

const columns = [
  'message_id',
  'message_parent_id',
  'user_id',
  'user_nickname',
  'message_kind',
  'user_other_id',
  'user_other_nickname',
  'message_title',
  'message_content',
  'message_time',
  'message_is_read',
  'message_is_delete',
  'message_type',
  'message_cat',
  'message_cat_full',
  'message_data_type',
  'message_data_id',
  'message_length',
  'message_w',
  'message_h',
] as const satisfies readonly (keyof UserMessageRow)[]

const readNewestUnread = compileRead<UserMessageRow, [userId: number, since: number]>((db, userId, since) =>
  db('account_user_message')
    .where({ user_id: userId, message_kind: messageKinds.received, message_is_read: 0 })
    .where('message_time', '>=', since)
    .orderBy([
      { column: 'message_time', order: 'desc' },
      { column: 'message_id', order: 'desc' },
    ])
    .limit(1)
    .select(columns),
)

/** The newest unread message that a user received since a moment (ms). */
export async function findNewestUnread(
  db: Knex,
  userId: number,
  since: number,
): Promise<UserMessageRow | undefined> {
  return withCat(await readNewestUnread.first(db, userId, since))
}

/** How many messages a user has received: those read, and the others. */
export async function countReceived(db: Knex, userId: number): Promise<{ read: number; unread: number }> {
  const rows: { message_is_read: number; messages: number | string }[] = await db('account_user_message')
    .where({ user_id: userId, message_kind: messageKinds.received })
    .groupBy('message_is_read')
    .select('message_is_read')
    .count({ messages: '*' })
  const sum = (isRead: boolean) =>
    rows
      .filter((row) => (row.message_is_read !== 0) === isRead)
      .reduce((total, row) => total + Number(row.messages), 0)
  return { read: sum(true), unread: sum(false) }
}

const readUnread = compileRead<{ unread: number | string }, [userId: number]>((db, userId) =>
  db('account_user_message')
    .where({ user_id: userId, message_kind: messageKinds.received, message_is_read: 0 })
    .count({ unread: '*' }),
)

export async function countUnread(db: Knex, userId: number): Promise<number> {
  const row = await readUnread.first(db, userId)
  return Number(row?.unread ?? 0)
}
