import { countSignIn, lockUserLogin, recordSignIn } from '../../../db/user-logins.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { formatTime } from '../../../gateway/wire/time.js'
import type { Origin } from '../../../gateway/contract/method.js'
import type { Services } from '../../../gateway/services/services.js'
import { parseMoment } from '../../../gateway/wire/dates.js'
import { audit } from '../audit.js'
import { reward } from './growth.js'

/** Who signs in; `session_generation` as it was read before the password or the code was checked. */
export interface SigningIn {
  readonly user_id: number
  readonly user_account: string
  readonly session_generation: number
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
  call: Origin,
): Promise<SignInAnswer> {
  if (user.user_state === 0 && services.auditBudget.takes(call.ip))
    await audit(services, call, { outcome: 'USER_LOCKED', targetId: user.user_id })
  refuseLocked(user)
  return signIn(services, user, call)
}

/** Signs a user in: a session, a row of the history, the first of a day rewarded; in one transaction. */
export async function signIn(services: Services, user: SigningIn, call: Origin): Promise<SignInAnswer> {
  return transaction(services, (services) => signInWithin(services, user, call))
}

/** The same in the caller's transaction, for what is done together with signing in. */
export async function signInWithin(
  services: InTransaction<Services>,
  user: SigningIn,
  call: Origin,
): Promise<SignInAnswer> {
  const { db, sessions, clock, config } = services
  const { app, ip } = call
  const userId = user.user_id
  const at = clock.now()
  const signedIn = { userId, account: user.user_account, ip, at }
  const today = parseMoment(formatTime(at, config.timeZone).slice(0, 10), config.timeZone)
  if (!(await countSignIn(db, signedIn, today))) {
    const isFirstOfDay = (await lockUserLogin(db, userId)).user_active_time < today
    await countSignIn(db, signedIn, 0)
    if (isFirstOfDay) await reward(services, userId, 'signIn')
  }
  await recordSignIn(db, signedIn)
  await audit(services, call, { actorId: userId, targetId: userId })
  const session = { userId, generation: user.session_generation, app: app?.name ?? '', ip }
  return { token: await sessions.start(db, session), user_id: userId }
}
