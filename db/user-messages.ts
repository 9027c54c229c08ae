import type { Knex } from 'knex'
import { compileWrites, type NextMark } from './compiled-write.js'
import { slicesOf } from './statement-size.js'

/** An in-site message (account.md §6, §8). Null only in rows that an old shop brought. */
export interface UserMessageRow {
  message_id: number
  message_parent_id: number | null
  /** Whose row it is. */
  user_id: number
  user_nickname: string | null
  /** 1 sent, 2 received. */
  message_kind: number
  user_other_id: number | null
  user_other_nickname: string | null
  message_title: string | null
  message_content: string | null
  /** Milliseconds. */
  message_time: number
  message_is_read: number
  message_is_delete: number
  /** 1 of the system, 2 of a user. */
  message_type: number
  message_cat: string | null
  /** Ours: the kind where it is none of the old shop's, whose list of them is closed; else empty. */
  message_cat_full?: string
  /** 0 usual, 1 announcement, 2 order, 3 product, 4 balance and vouchers, 5 service. */
  message_data_type: number | null
  message_data_id: string | null
  message_length: number | null
  message_w: number | null
  message_h: number | null
}

declare module 'knex/types/tables.js' {
  interface Tables {
    account_user_message: UserMessageRow
  }
}

export const messageKinds = { sent: 1, received: 2 } as const
export const messageTypes = { system: 1, user: 2 } as const

/** What a message says, the same in both its rows. */
export type MessageBody = Pick<
  UserMessageRow,
  | 'message_parent_id'
  | 'message_title'
  | 'message_content'
  | 'message_cat'
  | 'message_data_type'
  | 'message_data_id'
  | 'message_length'
  | 'message_w'
  | 'message_h'
>

/** A message that has no number yet. */
export type NewMessage = Omit<UserMessageRow, 'message_id' | 'message_cat_full'>

/** Rows of one statement: their texts may be long, and MySQL takes 16 megabytes. */
const rowsAtOnce = 200

/** Of a new message, but for its kind. */
const columns = [
  'user_id',
  'user_nickname',
  'user_other_id',
  'user_other_nickname',
  'message_parent_id',
  'message_kind',
  'message_title',
  'message_content',
  'message_time',
  'message_is_read',
  'message_is_delete',
  'message_type',
  'message_data_type',
  'message_data_id',
  'message_length',
  'message_w',
  'message_h',
] as const satisfies readonly (keyof NewMessage)[]

const writes = compileWrites()

/** Stores a message and returns its number. */
export async function insertMessage(db: Knex, row: NewMessage): Promise<number> {
  // In which column an old shop's table keeps the kind depends on which one it is.
  const { message_cat } = row
  const build = (mark: NextMark) =>
    db('account_user_message').insert({
      ...Object.fromEntries(columns.map((column) => [column, mark()])),
      message_cat,
    })
  const values = columns.map((column) => row[column])
  return (await writes(db, { key: `${message_cat}`, build }, values)).id
}

export async function insertMessages(db: Knex, rows: readonly NewMessage[]): Promise<void> {
  for (const some of slicesOf(rows, rowsAtOnce)) await db('account_user_message').insert([...some])
}

export async function findOwnMessage(
  db: Knex,
  { userId, messageId }: { readonly userId: number; readonly messageId: number },
): Promise<UserMessageRow | undefined> {
  return withCat(await db('account_user_message').where({ message_id: messageId, user_id: userId }).first())
}

/** Any user's message, locked until the transaction ends. */
export async function lockMessage(db: Knex, messageId: number): Promise<UserMessageRow | undefined> {
  return withCat(await db('account_user_message').where({ message_id: messageId }).forUpdate().first())
}

export async function updateMessage(
  db: Knex,
  messageId: number,
  change: Partial<
    Pick<UserMessageRow, 'message_title' | 'message_content' | 'message_is_read' | 'message_is_delete'>
  >,
): Promise<void> {
  await db('account_user_message').where({ message_id: messageId }).update(change)
}

export async function deleteMessage(db: Knex, messageId: number): Promise<void> {
  await db('account_user_message').where({ message_id: messageId }).delete()
}

/** A user's system notices since a moment (ms), the newest first. */
export async function listNotices(
  db: Knex,
  userId: number,
  { since, most }: { readonly since: number; readonly most: number },
): Promise<UserMessageRow[]> {
  return db('account_user_message')
    .where({ user_id: userId, message_type: messageTypes.system, message_kind: messageKinds.received })
    .where('message_time', '>=', since)
    .orderBy([
      { column: 'message_time', order: 'desc' },
      { column: 'message_id', order: 'desc' },
    ])
    .limit(most)
}

/** A row with the kind of its message in one place. */
export function withCat(row: UserMessageRow | undefined): UserMessageRow | undefined {
  if (!row) return undefined
  const { message_cat_full: full, ...message } = row
  return { ...message, message_cat: full || row.message_cat }
}
