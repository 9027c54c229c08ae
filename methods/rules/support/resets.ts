import { type AddressKind, type AddressOwner, findAddressOfUser } from '../../../db/address-owners.js'
import { findCredentials } from '../../../db/credentials.js'
import { transaction } from '../../../db/transaction.js'
import type { SignedInOrigin } from '../../../gateway/contract/method.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { requireNobodyAbove } from '../administration/ranks.js'
import { refuseLocked } from '../accounts/sign-ins.js'
import { audit } from '../audit.js'
import { mailAddress } from '../codes/mail.js'
import { sendSmsCode } from '../codes/sms.js'
import { readMobile } from '../contacts/account-mobiles.js'
import { sendLimits } from '../limits/send-limits.js'
import { spendLimits } from '../limits/usage.js'

export interface WantedReset {
  readonly userId: number
  readonly by: AddressKind
}

/**
 * Sends a user what sets a new password, as if the user had asked: the link of the recovery mail to the proved e-mail
 * address, or a code to the proved number. Counts against the same limits. Throws OPERATION_FAILED for nobody and for an administrator above,
 * USER_LOCKED, EMAIL_NOT_BOUND, MOBILE_NOT_BOUND, TOO_MANY_REQUESTS, and as `sendSmsCode` does.
 */
export async function sendReset(
  services: Services,
  { userId, by }: WantedReset,
  call: SignedInOrigin,
): Promise<void> {
  const user = await findCredentials(services.db, userId)
  if (!user) throw new GatewayError('OPERATION_FAILED')
  await requireNobodyAbove(services, userId, call)
  refuseLocked(user)
  const address = await findAddressOfUser(services.db, by, userId)
  if (!address || address.verified_at === null)
    throw new GatewayError(by === 'email' ? 'EMAIL_NOT_BOUND' : 'MOBILE_NOT_BOUND')
  if (by === 'email') await queueLink(services, address, call)
  else await textCode(services, address, call)
}

async function queueLink(
  services: Services,
  { user_id: targetId, value: email }: AddressOwner,
  call: SignedInOrigin,
): Promise<void> {
  const { perTry, perMessage } = sendLimits(services, mailAddress(email), 'recovery')
  await transaction(services, async (services) => {
    await spendLimits(services, [...perTry, ...perMessage])
    await services.queue.add(services.db, 'recovery-mail', { email })
    await audit(services, call, { targetId, detail: 'email' })
  })
}

async function textCode(
  services: Services,
  { user_id: targetId, value }: AddressOwner,
  call: SignedInOrigin,
): Promise<void> {
  const mobile = readMobile(value)
  if (!mobile) throw new GatewayError('MOBILE_NOT_BOUND')
  await sendSmsCode(services, { mobile, purpose: 'reset' }, call)
  await audit(services, call, { targetId, detail: 'mobile' })
}
