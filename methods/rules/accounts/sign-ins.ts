import { findLastSignIn, type SignedInAt } from '../../../db/user-logins.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Origin } from '../../../gateway/contract/method.js'
import type { Services } from '../../../gateway/services/services.js'
import type { SignInRecord } from '../../../gateway/services/sign-in/sign-in-records.js'
import { auditEntry } from '../audit.js'
import { reward } from './growth.js'
import { insertSignInRecords, keepSignInRecord } from './sign-in-records.js'
import { countIfFirstOfDay, startOfDay } from './first-sign-ins.js'

/** Who signs in; `session_generation` as it was read before the password or the code was checked. */
export interface SigningIn {
  readonly user_id: number
  readonly user_account: string
  readonly session_generation: number
  /** When the user last signed in (ms), null for never; absent where that was not read. */
  readonly user_active_time?: number | null
  /** Whether the user's row counts this sign-in, rewarded, already: that of a newcomer. */
  readonly isCounted?: true
}

/** What every way of signing in answers (account.md §7). */
export interface SignInAnswer {
  readonly token: string
  readonly user_id: number
}

/** A sign-in whose record is still to be kept. */
interface BegunSignIn {
  readonly answer: SignInAnswer
  readonly record: SignInRecord & { readonly signedIn: SignedInAt }
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
  if (user.user_state === 0) services.metrics.countSignIn('refused')
  if (user.user_state === 0 && services.auditBudget.takes(call.ip)) {
    const event = { outcome: 'USER_LOCKED', targetId: user.user_id }
    await keepSignInRecord(services, { audit: auditEntry(services, call, event) })
  }
  refuseLocked(user)
  return signIn(services, user, call)
}

/**
 * Signs a user in: a session, and the first sign-in of a day rewarded, in one transaction. The history, the audit and
 * the user's row tell of others within a second.
 */
export async function signIn(services: Services, user: SigningIn, call: Origin): Promise<SignInAnswer> {
  const { db } = services
  const lastSignIn = user.user_active_time ?? (await findLastSignIn(db, user.user_id))
  const { answer, record } =
    lastSignIn >= startOfDay(services)
      ? await startSession(services, user, call)
      : await transaction(services, (services) => beginSignIn(services, user, call))
  services.metrics.countSignIn('good')
  await keepSignInRecord(services, record)
  return answer
}

/** The same in the caller's transaction, records and all, for what is done together with signing in. */
export async function signInWithin(
  services: InTransaction<Services>,
  user: SigningIn,
  call: Origin,
): Promise<SignInAnswer> {
  const { answer, record } = await beginSignIn(services, user, call)
  await insertSignInRecords(services, [record])
  services.metrics.countSignIn('good')
  return answer
}

async function beginSignIn(
  services: InTransaction<Services>,
  user: SigningIn,
  call: Origin,
): Promise<BegunSignIn> {
  const { answer, record } = await startSession(services, user, call)
  if (user.isCounted) return { answer, record: { ...record, isCounted: true } }
  const isFirst = await countIfFirstOfDay(services, record.signedIn)
  if (isFirst) await reward(services, { userId: user.user_id, reasons: ['signIn'] })
  return { answer, record: { ...record, isCounted: isFirst } }
}

/** Starts a session of a user in whose row this sign-in is not counted yet. */
async function startSession(services: Services, user: SigningIn, call: Origin): Promise<BegunSignIn> {
  const { db, sessions, clock } = services
  const { app, ip } = call
  const { user_id: userId, user_account: account, session_generation: generation } = user
  const token = await sessions.start(db, { userId, generation, app: app?.name ?? '', ip })
  return {
    answer: { token, user_id: userId },
    record: {
      audit: auditEntry(services, call, { actorId: userId, targetId: userId }),
      signedIn: { userId, account, ip, at: clock.now() },
    },
  }
}
