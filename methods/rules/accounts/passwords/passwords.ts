import { type Credentials, findCredentials, upgradePassword } from '../../../../db/credentials.js'
import { GatewayError, isError } from '../../../../gateway/outcome/errors.js'
import { defined } from '../../../../gateway/wire/defined-fields.js'
import type { Services } from '../../../../gateway/services/services.js'
import type { StoredPassword } from '../../../../gateway/services/sign-in/passwords.js'
import {
  countFailureAhead,
  type FailureSubject,
  forgiveFailures,
  takeBackFailure,
} from '../../limits/login-failures.js'

/**
 * Compares a password with the user's, counting failures under the user's id or another subject. Throws
 * TOO_MANY_FAILURES or PASSWORD_WRONG. Changes no hash: see `renewHash`.
 */
export async function verifyPassword(
  services: Services,
  user: Credentials,
  password: string,
  subject: FailureSubject = user.user_id,
): Promise<void> {
  // One after the other: each is counted as a failure until it is compared, so that parallel sign-ins of one user
  // would shut each other out.
  await services.turns.take(`password:${user.user_id}`, async () => {
    if (!(await comparePassword(services, subject, { password, stored: user })))
      throw new GatewayError('PASSWORD_WRONG')
    await forgiveFailures(services, subject)
  })
}

/**
 * Replaces an old hash by argon2id. To be called only when all that the password was given for has succeeded: what fails
 * changes no hash. Never throws, as nothing of what has been done depends on it.
 */
export async function renewHash(services: Services, user: Credentials, password: string): Promise<void> {
  const { passwords, db, sessions, log } = services
  // The password was right, however busy the machine is: the next success renews as well.
  if (!passwords.needsUpgrade(user) || !passwords.hasRoom()) return
  try {
    await upgradePassword(db, user, await passwords.hash(password))
    sessions.forget(user.user_id)
  } catch (error) {
    log.warn({ error, userId: user.user_id }, 'an old password hash could not be replaced')
  }
}

/**
 * What `verifyPassword` does with a wrong password, for a name that nobody has: the same time, statements and pauses,
 * so that none of them tells that the name is unknown. Throws TOO_MANY_FAILURES or PASSWORD_WRONG.
 */
export async function refuseUnknown(
  services: Services,
  nameDigest: string,
  password: string,
): Promise<never> {
  await services.turns.take(`password:${nameDigest}`, () =>
    comparePassword(services, nameDigest, { password, stored: undefined }),
  )
  throw new GatewayError('PASSWORD_WRONG')
}

/**
 * Compares the old password of a user who is signed in and changes it, counting failures. Throws
 * OLD_PASSWORD_PAUSED or OLD_PASSWORD_WRONG. Returns the check that nobody has changed it until the new one is stored, for the transaction.
 */
export async function verifyOldPassword(
  services: Services,
  userId: number,
  password: string,
): Promise<(services: Pick<Services, 'db'>) => Promise<void>> {
  const user = await findCredentials(services.db, userId)
  if (!user || password === '') throw new GatewayError('OLD_PASSWORD_WRONG')
  try {
    // Counted apart: strangers who try the password at the door must not keep its owner from changing it.
    await verifyPassword(services, user, password, `own:${userId}`)
  } catch (error) {
    if (isError(error, 'PASSWORD_WRONG')) throw new GatewayError('OLD_PASSWORD_WRONG')
    if (!isError(error, 'TOO_MANY_FAILURES')) throw error
    throw new GatewayError('OLD_PASSWORD_PAUSED', defined({ retryAfter: error.retryAfter }))
  }
  return async ({ db }) => {
    const now = await findCredentials(db, userId)
    if (now?.session_generation !== user.session_generation) throw new GatewayError('OLD_PASSWORD_WRONG')
  }
}

/** Throws UNAVAILABLE while no hash would be computed: to be asked before anything is used up or written. */
export function requireHashRoom({ passwords }: Pick<Services, 'passwords'>): void {
  if (!passwords.hasRoom()) throw new GatewayError('UNAVAILABLE', { retryAfter: 1 })
}

async function comparePassword(
  services: Services,
  subject: FailureSubject,
  { password, stored }: { readonly password: string; readonly stored: StoredPassword | undefined },
): Promise<boolean> {
  // Before anything is written, so that refusing costs next to nothing.
  requireHashRoom(services)
  const counted = await countFailureAhead(services, subject)
  try {
    return await services.passwords.verify(password, stored)
  } catch (error) {
    // Too busy to compare is no wrong password.
    await takeBackFailure(services, subject, counted)
    throw error
  }
}
