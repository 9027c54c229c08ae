import { randomBytes } from 'node:crypto'
import { type InTransaction, isDuplicate } from '../../../db/transaction.js'
import { insertUserLogin } from '../../../db/user-logins.js'
import { insertUser } from '../../../db/users.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { fitsShop, unreadableNext } from '../../../gateway/services/sign-in/shop-subject.js'
import { defined } from '../../../gateway/wire/defined-fields.js'
import { formatTime } from '../../../gateway/wire/time.js'
import type { SigningIn } from './sign-ins.js'
import { welcome } from './welcome.js'
import { bindNewAddresses, type NewAddresses } from './new-addresses.js'
import { chooseNickname } from './new-nicknames.js'

/** What a new user is made of. */
export interface Registration extends NewAddresses {
  /** The account the user chose; one is made for who registers by a number or an address. */
  readonly account?: string
  /** Made before the transaction; absent: no password, so none ever fits. */
  readonly passwordHash?: string
  /** Of a hash that does not hold its own. */
  readonly passwordSalt?: string
  readonly nickname?: string
  readonly avatar?: string
  /** `user_from` (account.md §8). */
  readonly from?: number
  readonly ip: string
  /** Whether registering is signing in, which is counted and rewarded as the first one then. */
  readonly signsIn?: true
}

/**
 * Makes a user with rows in all tables of users, in the caller's transaction, whether or not newcomers may make
 * accounts by themselves. Throws ACCOUNT_TAKEN, MOBILE_BOUND, EMAIL_BOUND, and REGISTRATION_OFF where the shop beside us
 * could not read the user's id.
 */
export async function createAccount(
  services: InTransaction<Services>,
  registration: Registration,
): Promise<SigningIn> {
  const { db, clock, config, log } = services
  const now = clock.now()
  const account = registration.account ?? `u${randomBytes(8).toString('hex')}`
  const nickname = await chooseNickname(services, registration)
  const userId = await insertNewUser(services, { ...registration, nickname }, { account, createdAt: now })
  if (!fitsShop(userId, config)) {
    log.error({ names: ['account_user_base.user_id'], count: userId }, unreadableNext)
    throw new GatewayError('REGISTRATION_OFF')
  }
  await bindNewAddresses(services, registration, { userId, now })
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
