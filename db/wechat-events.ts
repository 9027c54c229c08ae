import type { Knex } from 'knex'
import { isDuplicate } from './transaction.js'

/** A message or an event that WeChat sent to the official account (account.md §9). */
export interface WechatEventRow {
  event_id: number
  app_id: string
  /** Who wrote it, or did what it tells of. */
  openid: string
  /** SHA-256 (hex) of what makes it the same message when WeChat sends it again. */
  message_key: string
  /** `text`, `image`, `event` and so on. */
  message_type: string
  /** Of type `event`: `subscribe`, `CLICK` and so on; else empty. */
  event: string
  /** JSON of the message's fields. */
  content: string
  /** Milliseconds. */
  received_at: number
  /** When the operator's own service took it (ms); null when it did not, or there is none. */
  delivered_at: number | null
}

declare module 'knex/types/tables.js' {
  interface Tables {
    wechat_event: WechatEventRow
  }
}

/** Keeps a message; false when it is here already. The unique key decides between nodes. */
export async function insertWechatEvent(
  db: Knex,
  row: Omit<WechatEventRow, 'event_id' | 'delivered_at'>,
): Promise<boolean> {
  try {
    await db('wechat_event').insert(row)
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

export async function findWechatEvent(db: Knex, messageKey: string): Promise<WechatEventRow | undefined> {
  return db('wechat_event').where({ message_key: messageKey }).first()
}

/** Notes that the operator's own service took a message. */
export async function markEventDelivered(db: Knex, eventId: number, now: number): Promise<void> {
  await db('wechat_event').where({ event_id: eventId }).update({ delivered_at: now })
}

interface EventQuery {
  readonly openid?: string
  readonly type?: string
  readonly most: number
}

/** The newest messages first. */
export async function listWechatEvents(
  db: Knex,
  { openid, type, most }: EventQuery,
): Promise<WechatEventRow[]> {
  const query = db('wechat_event')
  if (openid !== undefined) query.where({ openid })
  if (type !== undefined) query.whereRaw('(message_type = ? or event = ?)', [type, type])
  return query.orderBy('event_id', 'desc').limit(most)
}

/** Deletes what came before a moment (ms) and returns how many messages went. */
export async function deleteWechatEvents(db: Knex, before: number): Promise<number> {
  return db('wechat_event').where('received_at', '<', before).delete()
}
