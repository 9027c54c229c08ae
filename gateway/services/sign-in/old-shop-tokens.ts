import type { Knex } from 'knex'
import type { Credentials } from '../../../db/credentials.js'
import { endShopToken, isShopTokenEnded } from '../../../db/ended-shop-tokens.js'
import { GatewayError } from '../../outcome/errors.js'
import type { Cache } from '../cache.js'
import { readOldHash } from './passwords.js'
import type { SignedIn } from './signed-in.js'
import type { OldShopClaims } from './token-forms.js'

/** Tokens that the shop issued before sign-in moved here: no sessions, but believed for the time of the move. */
export interface OldShopTokens {
  /** Throws TOKEN_BROKEN unless account-beside.md §2.3 rule 5 holds in every part. */
  verify(claims: OldShopClaims, owner: Credentials | undefined): Promise<SignedIn>
  /** Ends one in the caller's transaction; what is remembered of it is dropped as of a session. */
  end(db: Knex, session: SignedIn): Promise<void>
}

interface Dependencies {
  readonly db: Knex
  readonly cache: Cache
  readonly now: () => number
  /** Milliseconds; absent, no such token is believed. */
  readonly cutOver: number | undefined
  readonly tokenKey: (tokenId: string) => string
}

/** No session's id has a colon. */
const mark = 'shop:'
/** How long the shop's tokens live: none that it issued before the cut-over is younger after that. */
const lifeMilliseconds = 24 * 3_600_000

export function createOldShopTokens({ db, cache, now, cutOver, tokenKey }: Dependencies): OldShopTokens {
  return {
    async verify({ sub, exp, iat, userSalt, digest }, owner) {
      const isOfTheMove = cutOver !== undefined && iat * 1000 < cutOver && now() < cutOver + lifeMilliseconds
      if (!isOfTheMove || !owner || !isOwnerUnchanged(owner, userSalt)) throw new GatewayError('TOKEN_BROKEN')
      const tokenId = mark + digest
      if (await cache.fetch(tokenKey(tokenId), () => isShopTokenEnded(db, digest)))
        throw new GatewayError('TOKEN_BROKEN')
      return { userId: sub, tokenId, expiresAt: exp * 1000 }
    },
    end: (db, { tokenId, expiresAt }) => endShopToken(db, tokenId.slice(mark.length), expiresAt),
  }
}

/** Whether a call was made with a token that the shop issued, which has no session. */
export function isOldShopToken({ tokenId }: Pick<SignedIn, 'tokenId'>): boolean {
  return tokenId.startsWith(mark)
}

/** The salt is the old hash's: once that is gone, it says nothing about the token any more. */
function isOwnerUnchanged(owner: Credentials, userSalt: string | undefined): boolean {
  if (owner.user_state === 0 || owner.session_generation !== 0) return false
  const hasOldHash = Boolean(owner.user_salt) && readOldHash(owner) !== undefined
  return !hasOldHash || owner.user_salt === userSalt
}
