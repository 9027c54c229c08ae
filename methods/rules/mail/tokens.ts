import { randomBytes } from 'node:crypto'
import { isMailTokenUsed, useMailToken } from '../../../db/used-tokens.js'
import { findCredentials } from '../../../db/credentials.js'
import { isWithinReach } from '../../../gateway/services/clock.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'

type MailTokenPurpose = 'verify-email' | 'reset-password'

/** What a mailed token says; only we can read or make one (passport.md §4). */
export interface MailToken {
  readonly tokenId: string
  readonly purpose: MailTokenPurpose
  readonly userId: number
  readonly email: string
  /** Seconds since 1970. */
  readonly issuedAt: number
  /** The user's session generation: a link is dead once what ends all sessions has happened. */
  readonly generation: number
}

/** Seconds; at this age still good. */
const lifetime = 86_400

/** A fresh token as it stands in a link. */
export function issueMailToken(
  { vault, clock }: Pick<Services, 'vault' | 'clock'>,
  claims: Pick<MailToken, 'purpose' | 'userId' | 'email' | 'generation'>,
): string {
  const token: MailToken = {
    ...claims,
    tokenId: randomBytes(12).toString('hex'),
    issuedAt: Math.floor(clock.now() / 1000),
  }
  return vault.seal('mail-token', JSON.stringify(token))
}

/** The token of a link, not used up by looking. Throws CODE_IS_INVALID for empty, forged, old and used ones alike. */
export async function readMailToken(
  services: Pick<Services, 'vault' | 'clock' | 'db'>,
  sealed: string,
): Promise<MailToken> {
  const { vault, clock, db } = services
  const text = vault.open('mail-token', sealed)
  const token: MailToken | undefined = text === undefined ? undefined : JSON.parse(text)
  const now = clock.now()
  if (!token || Math.floor(now / 1000) - token.issuedAt > lifetime) throw invalidToken()
  // The link of a clock that was ahead would live longer than its day.
  if (!isWithinReach(token.issuedAt * 1000, now, 0)) throw invalidToken()
  if (await isMailTokenUsed(db, token.tokenId)) throw invalidToken()
  await requireUnchangedUser(services, token)
  return token
}

/**
 * Uses a token up within the transaction of what it is for, the user's row locked. Throws CODE_IS_INVALID when another
 * call was faster, be it with this token or with another one of the same user.
 */
export async function consumeMailToken(services: Pick<Services, 'db'>, token: MailToken): Promise<void> {
  await requireUnchangedUser(services, token)
  if (!(await useMailToken(services.db, token.tokenId, (token.issuedAt + lifetime + 1) * 1000)))
    throw invalidToken()
}

/** What ends a user's sessions (a changed password, number, address) ends the links mailed before it too. */
async function requireUnchangedUser({ db }: Pick<Services, 'db'>, token: MailToken): Promise<void> {
  const user = await findCredentials(db, token.userId)
  if (user?.session_generation !== token.generation) throw invalidToken()
}

/** The one error of every failure with a mailed token. */
export function invalidToken(): GatewayError {
  return new GatewayError('CODE_IS_INVALID', { detail: 'code: a fresh, unused token of a mailed link' })
}
