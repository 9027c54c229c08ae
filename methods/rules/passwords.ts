import type { Knex } from 'knex'
import { transaction } from '../../db/transaction.js'
import { type Credentials, lockUser, updatePassword, upgradePassword } from '../../db/users.js'
import { GatewayError } from '../../gateway/errors.js'
import type { Services } from '../../gateway/method.js'
import type { ClientApp } from '../../gateway/services/apps.js'
import { findNoticeRecipient } from './notice-recipients.js'
import { countFailureAhead, forgiveFailures, takeBackFailure } from './login-failures.js'

/** 6 to 64 of any printable character: no controls, no line breaks, nothing Unicode has not assigned. */
const printable = /^[^\p{Cc}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]{6,64}$/u

/** Legacy clients and the shop's front ends may set the most common passwords: their users know no such rule. */
export type PasswordRule = 'legacy' | 'modern'

/** The rule for what a signed application sets (passport.md §4). */
export function passwordRuleOf({ scheme }: ClientApp): PasswordRule {
  return scheme === 'legacy' ? 'legacy' : 'modern'
}

/** Checks a new password. Throws PASSWORD_INVALID; by the modern rule also for the most common ones. */
export async function checkNewPassword(
  password: string,
  rule: PasswordRule,
  { config }: Pick<Services, 'config'>,
): Promise<void> {
  if (!printable.test(password))
    throw new GatewayError('PASSWORD_INVALID', { detail: 'password: 6 to 64 printable characters' })
  if (!config.passwordBlocklist || rule === 'legacy') return
  // A list of megabytes, for the few who change a password.
  const { isCommonPassword } = await import('./common-passwords.js')
  if (isCommonPassword(password))
    throw new GatewayError('PASSWORD_INVALID', { detail: 'password: not one of the most common ones' })
}

/**
 * Compares a password with the user's, counting failures. Throws TOO_MANY_FAILURES or PASSWORD_WRONG. An old hash is
 * replaced by argon2id at the first success.
 */
export async function verifyPassword(services: Services, user: Credentials, password: string): Promise<void> {
  const { passwords } = services
  // One after the other: each is counted as a failure until it is compared, so that parallel sign-ins of one user
  // would shut each other out.
  await services.turns.take(`password:${user.user_id}`, async () => {
    if (!(await comparePassword(services, user, password))) throw new GatewayError('PASSWORD_WRONG')
    await forgiveFailures(services, user.user_id)
  })
  if (passwords.needsUpgrade(user)) await upgradeHash(services, user, password)
}

async function upgradeHash(
  { passwords, db, sessions }: Services,
  user: Credentials,
  password: string,
): Promise<void> {
  // The password was right, however busy the machine is: the next success upgrades as well.
  if (!passwords.hasRoom()) return
  await upgradePassword(db, user, await passwords.hash(password))
  sessions.forget(user.user_id)
}

async function comparePassword(services: Services, user: Credentials, password: string): Promise<boolean> {
  // Before anything is written, so that refusing costs next to nothing.
  if (!services.passwords.hasRoom()) throw new GatewayError('UNAVAILABLE', { retryAfter: 1 })
  const counted = await countFailureAhead(services, user.user_id)
  try {
    return await services.passwords.verify(password, user)
  } catch (error) {
    // Too busy to compare is no wrong password.
    await takeBackFailure(services, user.user_id, counted)
    throw error
  }
}

interface PasswordChange {
  readonly userId: number
  readonly password: string
  /** What else must happen in the same transaction, before the password is stored. */
  before?(db: Knex): Promise<void>
}

/** Stores a new password, ends all sessions, and lets the user know. Throws USER_NOT_EXISTS. */
export async function setPassword(
  services: Pick<Services, 'db' | 'sessions' | 'queue' | 'passwords'>,
  change: PasswordChange,
): Promise<void> {
  const { db, sessions, queue, passwords } = services
  const { userId } = change
  const hash = await passwords.hash(change.password)
  await transaction(db, async (db) => {
    if (!(await lockUser(db, userId))) throw new GatewayError('USER_NOT_EXISTS')
    await change.before?.(db)
    await updatePassword(db, userId, hash)
    await sessions.endAll(db, userId)
    const recipient = await findNoticeRecipient(db, userId)
    if (recipient) await queue.add(db, 'password-changed', recipient)
  })
  sessions.forget(userId)
}
