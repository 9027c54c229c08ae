import type { Knex } from 'knex'
import { type ListedMessageRow, selectListed } from './listed-messages.js'
import { messageKinds } from './user-messages.js'
import { inSlices, mostValues } from './statement-size.js'

/** What has come to one inbox after a message. */
export interface Arrivals {
  readonly user_id: number
  readonly messages: number
  readonly newest: number
}

/** How many messages came to each of some inboxes after a message; those with none are left out. */
export async function countArrivals(
  db: Knex,
  userIds: readonly number[],
  after: number,
): Promise<Arrivals[]> {
  const rows = await inSlices<number, Omit<Arrivals, 'messages'> & { messages: number | string }>(
    userIds,
    mostValues,
    async (some) => arrivalsQuery(db, some, after),
  )
  return rows.map((row) => ({ ...row, messages: Number(row.messages) }))
}

/** The query of `countArrivals`: it runs every second, so a test looks at what the database makes of it. */
export function arrivalsQuery(db: Knex, userIds: readonly number[], after: number): Knex.QueryBuilder {
  return db('account_user_message')
    .whereIn('user_id', [...userIds])
    .where('message_kind', messageKinds.received)
    .where('message_id', '>', after)
    .groupBy('user_id')
    .select('user_id')
    .count({ messages: '*' })
    .max({ newest: 'message_id' })
}

/** How many messages each of some users has not read; those with none are left out. */
export async function countUnreadOf(db: Knex, userIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await inSlices<number, { user_id: number; unread: number | string }>(
    userIds,
    mostValues,
    async (some) =>
      db('account_user_message')
        .whereIn('user_id', [...some])
        .where({ message_kind: messageKinds.received, message_is_read: 0 })
        .groupBy('user_id')
        .select('user_id')
        .count({ unread: '*' }),
  )
  return new Map(rows.map((row) => [row.user_id, Number(row.unread)]))
}

/** The highest number that any message has; 0 without one. */
export async function findNewestMessageId(db: Knex): Promise<number> {
  const row = await db('account_user_message').max({ newest: 'message_id' }).first()
  return Number(row?.['newest'] ?? 0)
}

/** Which messages of an inbox are meant: those after one, but for these, and how many at most. */
export interface WantedArrivals {
  readonly userId: number
  readonly after: number
  readonly except: readonly number[]
  readonly most: number
}

/** Messages of an inbox as lists show them, the oldest first. */
export async function listArrivals(
  db: Knex,
  { userId, after, except, most }: WantedArrivals,
): Promise<ListedMessageRow[]> {
  return selectListed(db)
    .where({ 'message.user_id': userId, 'message.message_kind': messageKinds.received })
    .where('message.message_id', '>', after)
    .whereNotIn('message.message_id', [...except])
    .orderBy('message.message_id')
    .limit(most)
}

/** The numbers of the newest messages of an inbox after one, the newest first. */
export async function listArrivedIds(
  db: Knex,
  { userId, after, most }: Omit<WantedArrivals, 'except'>,
): Promise<number[]> {
  return db('account_user_message')
    .where({ user_id: userId, message_kind: messageKinds.received })
    .where('message_id', '>', after)
    .orderBy('message_id', 'desc')
    .limit(most)
    .pluck('message_id')
}

/** The number of the last message that a user received before a moment (ms); 0 without one. */
export async function findReceivedBefore(db: Knex, userId: number, before: number): Promise<number> {
  const row = await db('account_user_message')
    .where({ user_id: userId, message_kind: messageKinds.received })
    .where('message_time', '<', before)
    .orderBy('message_time', 'desc')
    .first('message_id')
  return row?.message_id ?? 0
}
