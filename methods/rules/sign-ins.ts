import type { Knex } from 'knex'
import { findUserLogin, recordSignIn } from '../../db/user-logins.js'
import { transaction } from '../../db/transaction.js'
import { GatewayError } from '../../gateway/errors.js'
import { formatTime } from '../../gateway/format-time.js'
import type { Services } from '../../gateway/method.js'
import type { ClientApp } from '../../gateway/services/apps.js'
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

/** Signs a user in: a session, a row of the history, the first of a day rewarded; in one transaction. */
export async function signIn(services: Services, user: SigningIn, origin: Origin): Promise<SignInAnswer> {
  return transaction(services.db, (db) => signInWithin(db, services, user, origin))
}

/** The same in the caller's transaction, for what is done together with signing in. */
export async function signInWithin(
  db: Knex,
  services: Services,
  user: SigningIn,
  { ip, app }: Origin,
): Promise<SignInAnswer> {
  const { sessions, clock, config } = services
  const userId = user.user_id
  const at = clock.now()
  const last = (await findUserLogin(db, userId))?.user_lastlogin_time ?? 0
  const day = (moment: number) => formatTime(moment, config.timeZone).slice(0, 10)
  await recordSignIn(db, { userId, account: user.user_account, ip, at })
  if (day(last) !== day(at)) await reward(db, services, userId, 'signIn')
  const session = { userId, generation: user.session_generation, app: app?.name ?? '', ip }
  return { token: await sessions.start(db, session), user_id: userId }
}
