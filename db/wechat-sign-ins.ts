import type { Knex } from 'knex'

/** A QR code that one browser shows and a phone may agree to. */
export interface WechatTicketRow {
  /** SHA-256 of the ticket, hexadecimal: the ticket itself is not kept. */
  ticket_hash: string
  /** SHA-256 of the cookie of the browser that shows it. */
  browser_hash: string
  /** Where the browser goes once it is signed in. */
  return_to: string
  /** See `ticketStatus`. */
  status: number
  /** Who agreed; 0 for nobody. */
  user_id: number
  /** Milliseconds. */
  expires_at: number
}

/** What became of a ticket; it never goes back. One that is used by nobody (user_id 0) was refused on the phone. */
export const ticketStatus = { waiting: 0, scanned: 1, agreed: 2, used: 3 } as const

declare module 'knex/types/tables.js' {
  interface Tables {
    wechat_ticket: WechatTicketRow
  }
}

export async function insertWechatTicket(db: Knex, row: WechatTicketRow): Promise<void> {
  await db('wechat_ticket').insert(row)
}

/** A ticket whose time has not passed. */
export async function findWechatTicket(
  db: Knex,
  ticketHash: string,
  now: number,
): Promise<WechatTicketRow | undefined> {
  return db('wechat_ticket').where({ ticket_hash: ticketHash }).where('expires_at', '>', now).first()
}

/** Moves a ticket on from a status it has; false when it has another by now, or its time has passed. */
export async function moveWechatTicket(
  db: Knex,
  { ticketHash, from, now }: { readonly ticketHash: string; readonly from: number; readonly now: number },
  to: Pick<WechatTicketRow, 'status'> & Partial<Pick<WechatTicketRow, 'user_id'>>,
): Promise<boolean> {
  const moved = await db('wechat_ticket')
    .where({ ticket_hash: ticketHash, status: from })
    .where('expires_at', '>', now)
    .update(to)
  return moved === 1
}
