import type { Knex } from 'knex'

/** What a development server "sent": it stands here instead of going out. */
export interface OutboxMessageRow {
  message_id: number
  channel: 'sms' | 'mail'
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

/** The newest messages first. */
export async function listOutboxMessages(db: Knex, most: number): Promise<OutboxMessageRow[]> {
  return db('outbox_message').orderBy('message_id', 'desc').limit(most)
}

/** Keeps the newest messages of the development outbox. */
export async function trimOutbox(db: Knex, keep: number): Promise<number> {
  const oldest = await db('outbox_message').orderBy('message_id', 'desc').offset(keep).first('message_id')
  return oldest ? db('outbox_message').where('message_id', '<=', oldest.message_id).delete() : 0
}
