import {
  findWechatTicket,
  moveWechatTicket,
  ticketStatus,
  type WechatTicketRow,
} from '../../../db/wechat-sign-ins.js'
import type { Services } from '../../../gateway/services/services.js'

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
