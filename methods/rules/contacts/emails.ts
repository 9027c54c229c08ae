import { findAddressOwner } from '../../../db/address-owners.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'

/**
 * How an e-mail address is owned and counted: case does not tell two mailboxes apart. İ stays, the one letter whose
 * lower case is longer: what fits a column must fit it afterwards.
 */
export function normaliseEmail(email: string): string {
  return email.replace(/[^İ]+/g, (text) => text.toLowerCase())
}

/** Throws EMAIL_TAKEN when another user has verified the address. */
export async function requireFreeEmail(
  { db }: Pick<Services, 'db'>,
  email: string,
  userId: number,
): Promise<void> {
  const owner = await findAddressOwner(db, 'email', email)
  if (owner && owner.verified_at !== null && owner.user_id !== userId) throw new GatewayError('EMAIL_TAKEN')
}
