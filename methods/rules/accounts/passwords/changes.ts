import { findSignInUser, updatePassword } from '../../../../db/credentials.js'
import { proveIdentity } from '../../../../db/identities.js'
import { type InTransaction, transaction } from '../../../../db/transaction.js'
import { lockUser } from '../../../../db/users.js'
import { GatewayError, isError } from '../../../../gateway/outcome/errors.js'
import type { Origin, SignedInOrigin } from '../../../../gateway/contract/method.js'
import type { Services } from '../../../../gateway/services/services.js'
import type { Passwords } from '../../../../gateway/services/sign-in/passwords.js'
import { audit } from '../../audit.js'
import type { CodeChannel } from '../../codes/channels.js'
import { findNoticeRecipient } from '../../contacts/notice-recipients.js'
import { forgiveUser } from '../../limits/login-failures.js'
import { verifyOldPassword } from './passwords.js'

/**
 * Changes the password of a signed-in user who knows the old one; the session of the call stays, all others end. The
 * new password has been checked. Throws OLD_PASSWORD_WRONG, which is in the audit, and OLD_PASSWORD_PAUSED.
 */
export async function changeOwnPassword(
  services: Services,
  { oldPassword, password }: { readonly oldPassword: string; readonly password: string },
  call: SignedInOrigin,
): Promise<void> {
  const { userId, tokenId } = call.session
  try {
    const stillOld = await verifyOldPassword(services, userId, oldPassword)
    await setPassword(services, {
      userId,
      password,
      keep: tokenId,
      async before(services) {
        await stillOld(services)
        await audit(services, call, { targetId: userId })
      },
    })
  } catch (error) {
    if (isError(error, 'OLD_PASSWORD_WRONG'))
      await audit(services, call, { outcome: error.key, targetId: userId })
    throw error
  }
}

/** A new password, checked, for the owner of a channel. */
export interface PasswordReset {
  readonly channel: CodeChannel
  readonly password: string
  /** Writes it in a place that was kept for it. */
  readonly write: Passwords['write']
}

/**
 * Sets a new password for the owner of a number or an e-mail address, which a code has just proved. All sessions end,
 * but that of the owner's own call. Throws MOBILE_NOT_BOUND, EMAIL_NOT_BOUND.
 */
export async function resetPassword(
  services: Services,
  { channel: { name }, password, write }: PasswordReset,
  call: Origin,
): Promise<void> {
  const { session } = call
  const { mobile } = name
  const notBound = () => new GatewayError(mobile === undefined ? 'EMAIL_NOT_BOUND' : 'MOBILE_NOT_BOUND')
  const userId = (await findSignInUser(services.db, name))?.user_id
  if (userId === undefined) throw notBound()
  await setPassword(services, {
    userId,
    password,
    write,
    keep: session?.userId === userId ? session.tokenId : undefined,
    async before(services) {
      const { db, clock } = services
      if ((await findSignInUser(db, name))?.user_id !== userId) throw notBound()
      const now = clock.now()
      const proved = { user_id: userId, verified_at: now, created_at: now }
      if (mobile !== undefined) await proveIdentity(db, { kind: 'mobile', value: mobile, ...proved })
      await audit(services, call, { actorId: userId, targetId: userId })
    },
  })
  // Whoever guessed at the old password, its owner need not wait for it.
  await forgiveUser(services, userId)
}

type PasswordServices = Pick<Services, 'db' | 'sessions' | 'queue' | 'passwords'>

interface PasswordChange<S> {
  readonly userId: number
  readonly password: string
  /** The token of the session that stays: that of a user's own call (account.md §2). */
  readonly keep?: string | undefined
  /** Writes it in a place that was kept for it; absent: as any other. */
  readonly write?: Passwords['write'] | undefined
  /** What else must happen in the same transaction, before the password is stored. */
  before?(services: InTransaction<S>): Promise<void>
}

/** Stores a new password, ends all sessions but the kept one, and lets the user know. Throws USER_NOT_EXISTS. */
export async function setPassword<S extends PasswordServices>(
  services: S,
  change: PasswordChange<S>,
): Promise<void> {
  const { passwords } = services
  const { userId, password } = change
  const written = await (change.write ? change.write(password) : passwords.write(password))
  await transaction(services, async (services) => {
    const { db, sessions, queue } = services
    if (!(await lockUser(db, userId))) throw new GatewayError('USER_NOT_EXISTS')
    await change.before?.(services)
    await updatePassword(db, userId, written)
    await sessions.endAll(db, userId, { except: change.keep })
    const recipient = await findNoticeRecipient(services, userId)
    if (recipient) await queue.add(db, 'password-changed', recipient)
  })
  services.sessions.forget(userId)
}
