import type { Knex } from 'knex'

/** An in-site message (account.md §6, §8): kind 1 sent, 2 received; type 1 of the system, 2 of a user. */
export interface UserMessageRow {
  message_id: number
  message_parent_id: number
  user_id: number
  user_nickname: string
  message_kind: number
  user_other_id: number
  user_other_nickname: string
  message_title: string
  message_content: string
  message_time: number
  message_is_read: number
  message_is_delete: number
  message_type: number
  message_cat: string
  message_data_type: number
  message_data_id: string
  message_length: number
  message_w: number
  message_h: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    account_user_message: UserMessageRow
  }
}

/** Puts a system notice into a user's inbox. */
export async function insertNotice(
  db: Knex,
  { userId, title, content, at }: { userId: number; title: string; content: string; at: number },
): Promise<void> {
  await db('account_user_message').insert({
    user_id: userId,
    message_kind: 2,
    message_type: 1,
    message_title: title,
    message_content: content,
    message_cat: 'text',
    message_time: at,
  })
}

export async function countUnread(db: Knex, userId: number): Promise<number> {
  const row = await db('account_user_message')
    .where({ user_id: userId, message_kind: 2, message_is_read: 0 })
    .count({ unread: '*' })
    .first()
  return Number(row?.['unread'] ?? 0)
}
