import { hash, randomBytes } from 'node:crypto'
import { deleteConsoleSessions } from '../../../db/console-sessions.js'
import { deleteSecondFactors, saveTicket, takeTicket } from '../../../db/second-factors.js'
import type { InTransaction } from '../../../db/transaction.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'

/** How long a ticket is good (ms). */
const ticketMilliseconds = 24 * 3_600_000

type TicketServices = Pick<Services, 'db' | 'clock'>

/**
 * Makes a ticket, in place of an older one, by which an administrator may set up a first second factor: a password
 * alone, which may be stolen, is not enough for that. Whoever prints it hands it to the person that the user is.
 */
export async function issueTicket({ db, clock }: TicketServices, userId: number): Promise<string> {
  const ticket = randomBytes(18).toString('base64url')
  await saveTicket(db, userId, hash('sha256', ticket), clock.now() + ticketMilliseconds)
  return ticket
}

/** Uses a ticket up. Throws CODE_IS_INVALID. */
export async function useTicket(
  { db, clock }: TicketServices,
  userId: number,
  ticket: string,
): Promise<void> {
  if (!(await takeTicket(db, userId, hash('sha256', ticket.trim()), clock.now())))
    throw new GatewayError('CODE_IS_INVALID')
}

/** Takes all second factors of a user away and ends the user's sessions of the console; false where there were none. */
export async function resetSecondFactors(
  { db }: InTransaction<Pick<Services, 'db'>>,
  userId: number,
): Promise<boolean> {
  await deleteConsoleSessions(db, userId)
  return deleteSecondFactors(db, userId)
}
