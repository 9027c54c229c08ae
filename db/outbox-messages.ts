import type { Knex } from 'knex'

/** What a development server "sent", or a captured one would have: it stands here instead of going out. */
export interface OutboxMessageRow {
  message_id: number
  channel: 'sms' | 'mail' | 'wechat' | 'webhook'
  /** A number with its country, an e-mail address, a way of WeChat or a host. */
  address: string
  subject: string
  text: string
  html: string
  sent_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    outbox_message: OutboxMessageRow
  }
}

export async function insertOutboxMessage(
  db: Knex,
  message: Omit<OutboxMessageRow, 'message_id'>,
): Promise<void> {
  await db('outbox_message').insert(message)
}

/** The newest messages first; of one address only where it is given. */
export async function listOutboxMessages(
  db: Knex,
  most: number,
  address?: string,
): Promise<OutboxMessageRow[]> {
  const query = db('outbox_message').orderBy('message_id', 'desc').limit(most)
  return address === undefined ? query : query.where({ address })
}

/** Keeps the newest messages of the outbox. */
export async function trimOutbox(db: Knex, keep: number): Promise<number> {
  const oldest = await db('outbox_message').orderBy('message_id', 'desc').offset(keep).first('message_id')
  return oldest ? db('outbox_message').where('message_id', '<=', oldest.message_id).delete() : 0
}
