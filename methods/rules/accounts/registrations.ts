import { isNicknameTaken } from '../../../db/nicknames.js'
import { findSignInUser } from '../../../db/credentials.js'
import { proveIdentity } from '../../../db/identities.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import { GatewayError, isError } from '../../../gateway/outcome/errors.js'
import type { Origin } from '../../../gateway/contract/method.js'
import type { Services } from '../../../gateway/services/services.js'
import { type Mobile, toE164 } from '../contacts/mobiles.js'
import { isReserved } from '../profiles/nicknames.js'
import { createAccount, type Registration } from './new-accounts.js'
import { type SignInAnswer, type SigningIn, signInUnlocked, signInWithin } from './sign-ins.js'

/** What a new user is recognised by (account.md §8). */
export const bindTypes = { mobile: 1, email: 2, account: 3 } as const

/** Makes an account for a newcomer, in the caller's transaction. Throws REGISTRATION_OFF, ACCOUNT_TAKEN, MOBILE_BOUND, EMAIL_BOUND. */
export async function register(
  services: InTransaction<Services>,
  registration: Registration,
): Promise<SigningIn> {
  requireRegistration(services)
  return createAccount(services, registration)
}

/** Throws REGISTRATION_OFF. */
export function requireRegistration({ config }: Pick<Services, 'config'>): void {
  if (!config.registration) throw new GatewayError('REGISTRATION_OFF')
}

type WantedWays = Pick<Registration, 'account' | 'mobile' | 'email'> & {
  readonly nickname?: string | undefined
}

/**
 * Looks, before a password is hashed, whether an account, number, address or nickname is taken; of all but the last
 * `register` decides. Throws NICKNAME_TAKEN, ACCOUNT_TAKEN, MOBILE_BOUND, EMAIL_BOUND: to be asked only after a right code.
 */
export async function requireUnregistered(
  services: Pick<Services, 'db' | 'cache'>,
  { account, mobile, email, nickname = '' }: WantedWays,
): Promise<void> {
  const { db } = services
  const isTaken = async () => (await isNicknameTaken(db, nickname)) || isReserved(services, nickname, 0)
  if (nickname !== '' && (await isTaken())) throw new GatewayError('NICKNAME_TAKEN')
  if (mobile && (await findSignInUser(db, { mobile: toE164(mobile) }))) throw new GatewayError('MOBILE_BOUND')
  if (email !== undefined && (await findSignInUser(db, { email }))) throw new GatewayError('EMAIL_BOUND')
  if (account !== undefined && (await findSignInUser(db, { account })))
    throw new GatewayError('ACCOUNT_TAKEN')
}

/** Registers a user and starts the first session, in one transaction. Throws as `register` does. */
export async function registerAndSignIn(
  services: Services,
  registration: Omit<Registration, 'ip'>,
  call: Origin,
): Promise<SignInAnswer> {
  return transaction(services, async (services) => {
    const user = await register(services, { ...registration, ip: call.ip, signsIn: true })
    return signInWithin(services, user, call)
  })
}

/** Notes that a code has proved a number, which an old shop's user may have had without proof. */
async function proveMobile(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  userId: number,
  mobile: Mobile,
): Promise<void> {
  const value = toE164(mobile)
  const now = clock.now()
  await proveIdentity(db, { kind: 'mobile', value, user_id: userId, verified_at: now, created_at: now })
}

/**
 * Signs in the owner of a number that was proved just now, and registers one when nobody owns it. Throws USER_LOCKED,
 * REGISTRATION_OFF.
 */
export async function signInByMobile(
  services: Services,
  mobile: Mobile,
  call: Origin,
): Promise<SignInAnswer> {
  const findOwner = () => findSignInUser(services.db, { mobile: toE164(mobile) })
  const owner = await findOwner()
  if (owner) {
    await proveMobile(services, owner.user_id, mobile)
    return signInUnlocked(services, owner, call)
  }
  try {
    return await registerAndSignIn(services, { mobile, wasFree: true }, call)
  } catch (error) {
    const wasBound = isError(error, 'MOBILE_BOUND')
    // Bound in the meantime by another way than a code, most likely by the same person.
    const newOwner = wasBound ? await findOwner() : undefined
    if (!newOwner) throw error
    return signInUnlocked(services, newOwner, call)
  }
}
