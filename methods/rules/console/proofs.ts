import { findCredentials } from '../../../db/credentials.js'
import { updateConsoleSession } from '../../../db/console-sessions.js'
import type { Origin } from '../../../gateway/contract/method.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { verifyPassword } from '../accounts/passwords/passwords.js'
import { audit } from '../audit.js'
import { countFailureAhead, type FailureSubject, forgiveFailures } from '../limits/login-failures.js'
import { findFactors, hasFactor } from './factors.js'
import { acceptPasskey } from './passkey-proofs.js'
import { acceptRecoveryCode } from './recovery-codes.js'
import type { ConsoleSession } from './sessions.js'
import { acceptTotp } from './totp.js'

/** What somebody proves a second factor by: one of them. */
export interface FactorProof {
  /** The digits of an authenticator app. */
  readonly code?: string | undefined
  readonly recovery?: string | undefined
  /** What a browser answered to the session's challenge, as JSON. */
  readonly passkey?: string | undefined
}

/** A session whose user proves something, by a call from a page of this origin. */
export interface Proving {
  readonly session: ConsoleSession
  readonly origin: string
  readonly call: Origin
}

/**
 * Proves a second factor and returns its name. Wrong digits are counted and paused as wrong passwords are; all that is
 * wrong is in the audit. Throws VALID_ERROR, TOO_MANY_FAILURES.
 */
export async function proveFactor(
  services: Services,
  { session, origin, call }: Proving,
  proof: FactorProof,
): Promise<string> {
  const { user_id: userId, session_id: sessionId } = session
  const subject = subjectOf(session)
  // Nobody guesses a recovery code or a passkey's answer: a pause would only keep their owner out.
  if (proof.code) await countFailureAhead(services, subject)
  const kind = await acceptProof(services, { userId, sessionId, origin }, proof)
  if (kind === undefined) {
    await audit(services, call, { outcome: 'VALID_ERROR', actorId: userId, targetId: userId })
    throw new GatewayError('VALID_ERROR')
  }
  await forgiveFailures(services, subject)
  return kind
}

/** Counted apart: strangers who have the password and guess at the door must not keep the owner out of a live session. */
function subjectOf({ user_id: userId, stage }: ConsoleSession): FailureSubject {
  return `${userId}/${stage === 'full' ? 'ownFactor' : 'factor'}`
}

async function acceptProof(
  services: Services,
  place: { readonly userId: number; readonly sessionId: string; readonly origin: string },
  { code = '', recovery = '', passkey = '' }: FactorProof,
): Promise<string | undefined> {
  const { userId } = place
  if (code !== '') return (await acceptTotp(services, userId, code)) ? 'authenticator app' : undefined
  if (recovery !== '')
    return (await acceptRecoveryCode(services, userId, recovery)) ? 'recovery code' : undefined
  if (passkey !== '') return (await acceptPasskey(services, place, passkey)) ? 'passkey' : undefined
  return undefined
}

/**
 * Proves anew who sits before a session that is signed in: by a second factor, or by the password where the user has
 * none. What is grave is open for five minutes then. Throws what `proveFactor` does, PASSWORD_WRONG.
 */
export async function proveAgain(
  services: Services,
  proving: Proving,
  { password = '', ...proof }: FactorProof & { readonly password?: string | undefined },
): Promise<void> {
  const { session, call } = proving
  const { user_id: userId } = session
  let kind = 'password'
  if (hasFactor(await findFactors(services, userId))) kind = await proveFactor(services, proving, proof)
  else await provePassword(services, proving, password)
  await updateConsoleSession(services.db, session.session_id, { proved_at: services.clock.now() })
  await audit(services, call, { actorId: userId, targetId: userId, detail: kind })
}

async function provePassword(
  services: Services,
  { session, call }: Proving,
  password: string,
): Promise<void> {
  const { user_id: userId } = session
  const user = await findCredentials(services.db, userId)
  try {
    if (!user || password === '') throw new GatewayError('PASSWORD_WRONG')
    // Counted apart: strangers who try the password at the door must not keep its owner out here.
    await verifyPassword(services, user, password, `own:${userId}`)
  } catch (error) {
    if (error instanceof GatewayError && error.key === 'PASSWORD_WRONG')
      await audit(services, call, { outcome: error.key, actorId: userId, targetId: userId })
    throw error
  }
}
