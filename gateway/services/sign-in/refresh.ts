import type { Knex } from 'knex'
import { extendSession, findSessionState } from '../../../db/sessions.js'
import type { Ready } from '../../outcome/ready.js'
import type { Cache } from '../cache.js'
import type { Clock } from '../clock.js'
import { isOldShopToken } from './old-shop-tokens.js'
import { sessionKey } from './session-sides.js'
import type { SignedIn } from './signed-in.js'

/** What is left of a token's life when its bearer is given a fresh one. */
const refreshMilliseconds = 30 * 60_000

interface Dependencies {
  readonly db: Knex
  readonly cache: Cache
  readonly clock: Clock
  /** How long a new session lives (ms). */
  readonly lifetime: number
  readonly sign: (userId: number, tokenId: string, expiresAt: number) => string
}

/** `refresh` of sessions. */
export function createRefresh({ db, cache, clock, lifetime, sign }: Dependencies) {
  const renew = async ({ userId, tokenId }: SignedIn, now: number) => {
    const state = await cache.fetch(sessionKey(tokenId), () => findSessionState(db, tokenId))
    // The call itself may have ended the session.
    if (!state || state.revoked_at !== null) return undefined
    if (state.expires_at - now >= refreshMilliseconds) return sign(userId, tokenId, state.expires_at)
    const later = now + lifetime
    await extendSession(db, tokenId, later)
    cache.drop(sessionKey(tokenId))
    return sign(userId, tokenId, later)
  }
  return (session: SignedIn): Ready<string | undefined> => {
    if (isOldShopToken(session)) return undefined
    const now = clock.now()
    return session.expiresAt - now < refreshMilliseconds ? renew(session, now) : undefined
  }
}
