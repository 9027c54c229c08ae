import type { Knex } from 'knex'
import { countSignIn, lockUserLogin, recordSignIn } from '../../../db/user-logins.js'
import { transaction } from '../../../db/transaction.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { formatTime } from '../../../gateway/wire/time.js'
import type { MethodName } from '../../../gateway/contract/method.js'
import type { Services } from '../../../gateway/services/services.js'
import { parseMoment } from '../../../gateway/wire/dates.js'
import type { ClientApp } from '../../../gateway/services/apps/apps.js'
import { recordAudit } from '../audit.js'
import { reward } from './growth.js'

/** Who signs in; `session_generation` as it was read before his password or code was checked. */
export interface SigningIn {
  readonly user_id: number
  readonly user_account: string
  readonly session_generation: number
}

/** Where a call comes from. */
export interface Origin {
  readonly ip: string
  readonly app: ClientApp | undefined
  /** The method's or page's name, under which the audit shows the sign-in; absent: it is not shown. */
  readonly action?: MethodName | 'page.login.wechat'
}

/** What every way of signing in answers (account.md §7). */
export interface SignInAnswer {
  readonly token: string
  readonly user_id: number
}

/** Throws USER_LOCKED. Only to be asked after a right password or code: it tells that the user exists. */
export function refuseLocked({ user_state }: { readonly user_state: number }): void {
  if (user_state === 0) throw new GatewayError('USER_LOCKED')
}

/** `signIn` for whom a password or a code has just proved. Throws USER_LOCKED, which is in the audit as well. */
export async function signInUnlocked(
  services: Services,
  user: SigningIn & { readonly user_state: number },
  origin: Origin,
): Promise<SignInAnswer> {
  const { action, ip } = origin
  if (user.user_state === 0 && action !== undefined)
    await recordAudit(services.db, services, { action, outcome: 'USER_LOCKED', targetId: user.user_id, ip })
  refuseLocked(user)
  return signIn(services, user, origin)
}

/** Signs a user in: a session, a row of the history, the first of a day rewarded; in one transaction. */
export async function signIn(services: Services, user: SigningIn, origin: Origin): Promise<SignInAnswer> {
  return transaction(services.db, (db) => signInWithin(db, services, user, origin))
}

/** The same in the caller's transaction, for what is done together with signing in. */
export async function signInWithin(
  db: Knex,
  services: Services,
  user: SigningIn,
  { ip, app, action }: Origin,
): Promise<SignInAnswer> {
  const { sessions, clock, config } = services
  const userId = user.user_id
  const at = clock.now()
  const signedIn = { userId, account: user.user_account, ip, at }
  const today = parseMoment(formatTime(at, config.timeZone).slice(0, 10), config.timeZone)
  if (!(await countSignIn(db, signedIn, today))) {
    const isFirstOfDay = (await lockUserLogin(db, userId)).user_lastlogin_time < today
    await countSignIn(db, signedIn, 0)
    if (isFirstOfDay) await reward(db, services, userId, 'signIn')
  }
  await recordSignIn(db, signedIn)
  if (action !== undefined)
    await recordAudit(db, services, { action, outcome: 'ok', actorId: userId, targetId: userId, ip })
  const session = { userId, generation: user.session_generation, app: app?.name ?? '', ip }
  return { token: await sessions.start(db, session), user_id: userId }
}
