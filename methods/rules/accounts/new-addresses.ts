import { bindNewAddress } from '../../../db/bindings.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { type Mobile, toE164 } from '../contacts/mobiles.js'

/** The number and the e-mail address of a new user. */
export interface NewAddresses {
  /** Proved by a code. */
  readonly mobile?: Mobile
  /** Proved by a code, in lower case. */
  readonly email?: string
  /** Whether the number or the address was nobody's just now. */
  readonly wasFree?: true
}

interface NewOwner {
  readonly userId: number
  readonly now: number
}

/** Binds them to the new user, in the caller's transaction. Throws MOBILE_BOUND, EMAIL_BOUND. */
export async function bindNewAddresses(
  { db }: Pick<Services, 'db'>,
  { mobile, email, wasFree }: NewAddresses,
  { userId, now }: NewOwner,
): Promise<void> {
  const own = { user_id: userId, verified_at: now, created_at: now }
  if (
    mobile &&
    !(await bindNewAddress(db, { kind: 'mobile', value: toE164(mobile), ...own }, wasFree === true))
  )
    throw new GatewayError('MOBILE_BOUND')
  if (
    email !== undefined &&
    !(await bindNewAddress(db, { kind: 'email', value: email, ...own }, wasFree === true))
  )
    throw new GatewayError('EMAIL_BOUND')
}
