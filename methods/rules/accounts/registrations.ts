import { randomBytes } from 'node:crypto'
import { bindNewAddress } from '../../../db/bindings.js'
import { proveIdentity } from '../../../db/identities.js'
import { isNicknameTaken } from '../../../db/nicknames.js'
import { type InTransaction, isDuplicate, transaction } from '../../../db/transaction.js'
import { insertUserLogin } from '../../../db/user-logins.js'
import { findSignInUser } from '../../../db/credentials.js'
import { insertUser } from '../../../db/users.js'
import { GatewayError, isError } from '../../../gateway/outcome/errors.js'
import { formatTime } from '../../../gateway/wire/time.js'
import type { Origin } from '../../../gateway/contract/method.js'
import type { Services } from '../../../gateway/services/services.js'
import { type Mobile, toE164 } from '../contacts/mobiles.js'
import { type SignInAnswer, type SigningIn, signInUnlocked, signInWithin } from './sign-ins.js'
import { welcome } from './welcome.js'
import { isReserved } from '../profiles/nicknames.js'
import { defined } from '../../../gateway/wire/defined-fields.js'

/** What a new user is recognised by (account.md §8). */
export const bindTypes = { mobile: 1, email: 2, account: 3 } as const

export interface Registration {
  /** The account the user chose; one is made for who registers by a number or an address. */
  readonly account?: string
  /** Made before the transaction; absent: no password, so none ever fits. */
  readonly passwordHash?: string
  /** Of a hash that does not hold its own. */
  readonly passwordSalt?: string
  readonly nickname?: string
  readonly avatar?: string
  /** Proved by a code. */
  readonly mobile?: Mobile
  /** Proved by a code, in lower case. */
  readonly email?: string
  /** `user_from` (account.md §8). */
  readonly from?: number
  readonly ip: string
  /** Whether registering is signing in, which is counted and rewarded as the first one then. */
  readonly signsIn?: true
}

/**
 * Makes a user with rows in all tables of users, in the caller's transaction. Throws REGISTRATION_OFF, ACCOUNT_TAKEN,
 * MOBILE_BOUND, EMAIL_BOUND.
 */
export async function register(
  services: InTransaction<Services>,
  registration: Registration,
): Promise<SigningIn> {
  requireRegistration(services)
  return createAccount(services, registration)
}

/** The same where newcomers may not make accounts by themselves. Throws ACCOUNT_TAKEN, MOBILE_BOUND, EMAIL_BOUND. */
export async function createAccount(
  services: InTransaction<Services>,
  registration: Registration,
): Promise<SigningIn> {
  const { db, clock, config } = services
  const now = clock.now()
  const account = registration.account ?? `u${randomBytes(8).toString('hex')}`
  const nickname = await chooseNickname(services, registration)
  const userId = await insertNewUser(services, { ...registration, nickname }, { account, createdAt: now })
  await bindWays(services, registration, { userId, now })
  await insertUserLogin(db, {
    user_id: userId,
    user_reg_ip: registration.ip,
    user_reg_date: formatTime(now, config.timeZone).slice(0, 10),
    user_reg_time: now,
    ...(registration.signsIn && { user_active_time: now, user_count_login: 1 }),
  })
  await welcome(
    services,
    { user_id: userId, user_nickname: nickname, user_avatar: registration.avatar ?? '' },
    registration,
  )
  const user = { user_id: userId, user_account: account, session_generation: 0 }
  return registration.signsIn ? { ...user, isCounted: true } : user
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
    return await registerAndSignIn(services, { mobile }, call)
  } catch (error) {
    const wasBound = isError(error, 'MOBILE_BOUND')
    // Bound in the meantime by another way than a code, most likely by the same person.
    const newOwner = wasBound ? await findOwner() : undefined
    if (!newOwner) throw error
    return signInUnlocked(services, newOwner, call)
  }
}

/**
 * The nickname of a new user: the one that was sent, else the account that was chosen, if nobody goes by it. Clients show
 * it: neither the number nor the address is anybody else's business.
 */
async function chooseNickname(
  services: Pick<Services, 'db' | 'cache'>,
  { nickname = '', account, mobile }: Registration,
): Promise<string> {
  if (nickname !== '' && !(mobile && nickname.includes(mobile.number))) return nickname
  const isTaken = async (name: string) =>
    (await isNicknameTaken(services.db, name)) || isReserved(services, name, 0)
  return account !== undefined && !(await isTaken(account))
    ? account
    : `用户${randomBytes(5).toString('hex')}`
}

async function insertNewUser(
  { db }: Pick<Services, 'db'>,
  {
    passwordHash = '',
    passwordSalt = '',
    nickname,
    avatar,
    mobile,
    email,
    from,
  }: Registration & { readonly nickname: string },
  { account, createdAt }: { readonly account: string; readonly createdAt: number },
): Promise<number> {
  try {
    return await insertUser(db, {
      account,
      passwordHash,
      passwordSalt,
      nickname,
      ...(mobile && { intl: `+${mobile.area}`, mobile: mobile.number }),
      ...defined({ avatar, email, from }),
      createdAt,
    })
  } catch (error) {
    if (isDuplicate(error)) throw new GatewayError('ACCOUNT_TAKEN')
    throw error
  }
}

interface NewOwner {
  readonly userId: number
  readonly now: number
}

async function bindWays(
  { db }: Pick<Services, 'db'>,
  { mobile, email }: Registration,
  { userId, now }: NewOwner,
): Promise<void> {
  const own = { user_id: userId, verified_at: now, created_at: now }
  if (mobile && !(await bindNewAddress(db, { kind: 'mobile', value: toE164(mobile), ...own })))
    throw new GatewayError('MOBILE_BOUND')
  if (email !== undefined && !(await bindNewAddress(db, { kind: 'email', value: email, ...own })))
    throw new GatewayError('EMAIL_BOUND')
}
