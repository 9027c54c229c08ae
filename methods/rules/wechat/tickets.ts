import { randomBytes } from 'node:crypto'
import { transaction } from '../../../db/transaction.js'
import { findCredentials } from '../../../db/credentials.js'
import {
  findWechatTicket,
  insertWechatTicket,
  moveWechatTicket,
  ticketStatus,
  type WechatTicketRow,
} from '../../../db/wechat-sign-ins.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Origin } from '../../../gateway/contract/method.js'
import type { Services } from '../../../gateway/services/services.js'
import { refuseLocked, type SignInAnswer, signInWithin } from '../accounts/sign-ins.js'
import { digest } from './states.js'

/** How long a QR code may be scanned and agreed to (ms). */
const lifetime = 5 * 60_000

/** A ticket that a page shows as a QR code; it signs in that page's browser only. */
export async function openTicket(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { browser, returnTo }: { readonly browser: string; readonly returnTo: string },
): Promise<string> {
  const ticket = randomBytes(24).toString('hex')
  await insertWechatTicket(db, {
    ticket_hash: digest(ticket),
    browser_hash: digest(browser),
    return_to: returnTo,
    status: ticketStatus.waiting,
    user_id: 0,
    expires_at: clock.now() + lifetime,
  })
  return ticket
}

/** The ticket that a browser shows; undefined when it is another browser's, unknown or too old. */
export async function findOwnTicket(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  ticket: string,
  browser: string | undefined,
): Promise<WechatTicketRow | undefined> {
  const row = await findWechatTicket(db, digest(ticket), clock.now())
  return row !== undefined && browser !== undefined && row.browser_hash === digest(browser) ? row : undefined
}

/** Notes that a phone has scanned a ticket; answers the hash that its state keeps. Throws WECHAT_STATE. */
export async function scanTicket(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  ticket: string,
): Promise<string> {
  const ticketHash = digest(ticket)
  const now = clock.now()
  await moveWechatTicket(
    db,
    { ticketHash, from: ticketStatus.waiting, now },
    { status: ticketStatus.scanned },
  )
  const row = await findWechatTicket(db, ticketHash, now)
  if (row?.status !== ticketStatus.scanned) throw new GatewayError('WECHAT_STATE')
  return ticketHash
}

/**
 * Signs in, once, the browser whose ticket was agreed to (`row` of `findOwnTicket`). Undefined when another request
 * was faster. Throws USER_LOCKED.
 */
export async function redeemTicket(
  services: Services,
  { ticket_hash, user_id }: WechatTicketRow,
  call: Origin,
): Promise<SignInAnswer | undefined> {
  return transaction(services, async (services) => {
    const { db, clock } = services
    const agreed = { ticketHash: ticket_hash, from: ticketStatus.agreed, now: clock.now() }
    if (!(await moveWechatTicket(db, agreed, { status: ticketStatus.used }))) return undefined
    const user = await findCredentials(db, user_id)
    if (!user) return undefined
    refuseLocked(user)
    return signInWithin(services, user, call)
  })
}
