import { proveIdentity } from '../../../db/identities.js'
import { findSignInUser } from '../../../db/credentials.js'
import { GatewayError, isError } from '../../../gateway/outcome/errors.js'
import type { MethodName } from '../../../gateway/contract/method.js'
import type { Services } from '../../../gateway/services/services.js'
import type { SignedIn } from '../../../gateway/services/sign-in/sessions.js'
import { recordAudit } from '../audit.js'
import type { CodeChannel } from '../codes/channels.js'
import { forgiveFailures } from '../limits/login-failures.js'
import { setPassword, verifyOldPassword } from './passwords.js'

/** A change of a password by an account method. */
export interface AccountPasswordChange {
  /** The new one, checked. */
  readonly password: string
  readonly ip: string
  /** The method's name, for the audit. */
  readonly action: MethodName
  /** Hashes it in a place that was kept for it. */
  readonly hash?: (password: string) => Promise<string>
}

/**
 * Changes the password of who is signed in and knows the old one; his session stays, all others end. Throws
 * OLD_PASSWORD_WRONG, which is in the audit, and TOO_MANY_FAILURES.
 */
export async function changeOwnPassword(
  services: Services,
  { userId, tokenId }: SignedIn,
  oldPassword: string,
  { password, ip, action }: AccountPasswordChange,
): Promise<void> {
  const audit = { action, actorId: userId, targetId: userId, ip }
  try {
    const stillOld = await verifyOldPassword(services, userId, oldPassword)
    await setPassword(services, {
      userId,
      password,
      keep: tokenId,
      async before(db) {
        await stillOld(db)
        await recordAudit(db, services, { ...audit, outcome: 'ok' })
      },
    })
  } catch (error) {
    if (isError(error, 'OLD_PASSWORD_WRONG'))
      await recordAudit(services.db, services, { ...audit, outcome: error.key })
    throw error
  }
}

/**
 * Sets a new password for the owner of a number or an e-mail address, which a code has just proved. All sessions end,
 * but the one he made the call in, if any. Throws MOBILE_NOT_BOUND, EMAIL_NOT_BOUND.
 */
export async function resetPassword(
  services: Services,
  { name }: CodeChannel,
  session: SignedIn | undefined,
  { password, ip, action, hash }: AccountPasswordChange,
): Promise<void> {
  const { mobile } = name
  const notBound = () => new GatewayError(mobile === undefined ? 'EMAIL_NOT_BOUND' : 'MOBILE_NOT_BOUND')
  const userId = (await findSignInUser(services.db, name))?.user_id
  if (userId === undefined) throw notBound()
  await setPassword(services, {
    userId,
    password,
    hash,
    keep: session?.userId === userId ? session.tokenId : undefined,
    async before(db) {
      if ((await findSignInUser(db, name))?.user_id !== userId) throw notBound()
      const proved = { user_id: userId, verified_at: services.clock.now() }
      if (mobile !== undefined) await proveIdentity(db, { kind: 'mobile', value: mobile, ...proved })
      await recordAudit(db, services, { action, outcome: 'ok', actorId: userId, targetId: userId, ip })
    },
  })
  // Whoever guessed at the old password, its owner need not wait for it.
  await forgiveFailures(services, userId)
}
