import type { Knex } from 'knex'

/** A sign-in that has been sent to WeChat and is to come back once. */
export interface WechatStateRow {
  /** SHA-256 of the state, hexadecimal: the state itself is not kept. */
  state_hash: string
  app_id: string
  /** SHA-256 of the browser's cookie; empty: any browser may bring it back. */
  browser_hash: string
  return_to: string
  /** The hosted page's ticket that the sign-in is for; empty for none. */
  ticket_hash: string
  /** Milliseconds. */
  expires_at: number
}

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
    wechat_state: WechatStateRow
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

export async function insertWechatState(db: Knex, row: WechatStateRow): Promise<void> {
  await db('wechat_state').insert(row)
}

/**
 * The state of an application that this browser may bring back, removed; undefined for any other. Of parallel calls
 * the one whose DELETE finds the row has it.
 */
export async function takeWechatState(
  db: Knex,
  wanted: Pick<WechatStateRow, 'state_hash' | 'app_id' | 'browser_hash'>,
  now: number,
): Promise<WechatStateRow | undefined> {
  const { state_hash, app_id, browser_hash } = wanted
  const fitting = () =>
    db('wechat_state')
      .where({ state_hash, app_id })
      .whereIn('browser_hash', ['', browser_hash])
      .where('expires_at', '>=', now)
  const row = await fitting().first()
  if (!row) return undefined
  return (await fitting().delete()) === 1 ? row : undefined
}
