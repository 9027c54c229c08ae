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

/** The question on a phone, whether to sign its user in elsewhere. */
export interface Question {
  readonly ticketHash: string
  readonly userId: number
}

/**
 * The page that asks the user of a phone, whom WeChat has just named, to agree: a QR code may come from somebody who
 * wants to be signed in as whoever scans it. Only we can make or read its address.
 */
export function agreementPage({ vault, config }: Services, { ticketHash, userId }: Question): string {
  const asked = vault.seal('wechat-agreement', JSON.stringify({ ticketHash, userId }))
  return `${config.publicUrl}/login/wechat/agree?asked=${asked}`
}

/** What an address of `agreementPage` asks, and of which ticket; undefined once that is not to be answered any more. */
export async function readQuestion(
  { vault, db, clock }: Pick<Services, 'vault' | 'db' | 'clock'>,
  asked: string,
): Promise<(Question & Pick<WechatTicketRow, 'return_to'>) | undefined> {
  const text = vault.open('wechat-agreement', asked)
  if (text === undefined) return undefined
  const question = JSON.parse(text) as Question
  const row = await findWechatTicket(db, question.ticketHash, clock.now())
  return row?.status === ticketStatus.scanned ? { ...question, return_to: row.return_to } : undefined
}

/** Answers the question; the first answer counts. False when it came too late. */
export async function answerQuestion(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { ticketHash, userId }: Question,
  agrees: boolean,
): Promise<boolean> {
  const scanned = { ticketHash, from: ticketStatus.scanned, now: clock.now() }
  const answered = agrees
    ? { status: ticketStatus.agreed, user_id: userId }
    : { status: ticketStatus.used, user_id: 0 }
  return moveWechatTicket(db, scanned, answered)
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
