import type { Knex } from 'knex'
import { type Credentials, findCredentials, listCredentials } from '../../../db/credentials.js'
import { endShopToken, isShopTokenEnded, listEndedShopTokens } from '../../../db/ended-shop-tokens.js'
import { GatewayError } from '../../outcome/errors.js'
import type { Cache } from '../cache.js'
import { readOldHash } from './passwords.js'
import type { SignedIn } from './signed-in.js'
import type { OldShopClaims } from './token-forms.js'

/** Tokens that an old server issued, a shop before sign-in moved here or a passport gateway during the move: no sessions, but believed for the time of the move. */
export interface OldShopTokens {
  /** Throws TOKEN_BROKEN unless account-beside.md §2.3 rule 5 holds in every part. */
  verify(claims: OldShopClaims, owner: Credentials | undefined): Promise<SignedIn>
  /** The ids of those among such tokens for which that still holds, as the database has it now. */
  listLive(db: Knex, sessions: readonly SignedIn[]): Promise<string[]>
  /** Whether a user may have such a token: nobody keeps a list of them. */
  mayHave(db: Knex, userId: number): Promise<boolean>
  /** Ends one in the caller's transaction; what is remembered of it is dropped as of a session. */
  end(db: Knex, session: SignedIn): Promise<void>
}

interface Dependencies {
  readonly db: Knex
  readonly cache: Cache
  readonly now: () => number
  /** Milliseconds; absent, and without `until`, no such token is believed. */
  readonly cutOver: number | undefined
  /** Milliseconds: all that the old server signed are believed until then, in place of `cutOver`. */
  readonly until?: number | undefined
  /** Whether tokens say which salt the user's hash has, as a shop's do. */
  readonly nameSalts?: boolean
  /** Called once, when one is refused as it is too late. */
  readonly onLate?: () => void
  readonly tokenKey: (tokenId: string) => string
}

/** No session's id has a colon. */
const mark = 'shop:'
/** How long the shop's tokens live: none that it issued before the cut-over is younger after that. */
const lifeMilliseconds = 24 * 3_600_000

export function createOldShopTokens(dependencies: Dependencies): OldShopTokens {
  const { db, cache, now, cutOver, until, nameSalts = true, tokenKey } = dependencies
  const end = until ?? (cutOver === undefined ? 0 : cutOver + lifeMilliseconds)
  const isMoveOver = (): boolean => now() >= end
  const isOwnerUnchanged = (owner: Credentials, userSalt: string | undefined): boolean =>
    isAsBefore(owner) && (!nameSalts || hasSalt(owner, userSalt))
  let isToldOfLate = until === undefined
  const tellOfLate = () => {
    if (isToldOfLate || !isMoveOver()) return
    isToldOfLate = true
    dependencies.onLate?.()
  }
  return {
    async verify({ sub, exp, iat, userSalt, digest }, owner) {
      tellOfLate()
      const isOfTheMove = !isMoveOver() && (until !== undefined || iat * 1000 < (cutOver ?? 0))
      if (!isOfTheMove || !owner || !isOwnerUnchanged(owner, userSalt)) throw new GatewayError('TOKEN_BROKEN')
      const tokenId = mark + digest
      if (await cache.fetch(tokenKey(tokenId), () => isShopTokenEnded(db, digest)))
        throw new GatewayError('TOKEN_BROKEN')
      return { userId: sub, tokenId, expiresAt: exp * 1000, shopSalt: userSalt }
    },
    async listLive(db, sessions) {
      if (sessions.length === 0 || isMoveOver()) return []
      const users = await listCredentials(
        db,
        sessions.map(({ userId }) => userId),
      )
      const owners = new Map(users.map((user) => [user.user_id, user]))
      const digests = sessions.map(({ tokenId }) => digestOf(tokenId))
      const ended = new Set(await listEndedShopTokens(db, digests))
      return sessions.flatMap(({ userId, tokenId, expiresAt, shopSalt }) => {
        const owner = owners.get(userId)
        const isLive = owner && isOwnerUnchanged(owner, shopSalt) && !ended.has(digestOf(tokenId))
        return isLive && expiresAt > now() ? [tokenId] : []
      })
    },
    async mayHave(db, userId) {
      if (isMoveOver()) return false
      const owner = await findCredentials(db, userId)
      return owner !== undefined && owner.user_state !== 0 && owner.session_generation === 0
    },
    end: (db, { tokenId, expiresAt }) => endShopToken(db, digestOf(tokenId), expiresAt),
  }
}

/** Whether a call was made with a token that the shop issued, which has no session. */
export function isOldShopToken({ tokenId }: Pick<SignedIn, 'tokenId'>): boolean {
  return tokenId.startsWith(mark)
}

function digestOf(tokenId: string): string {
  return tokenId.slice(mark.length)
}

/** Nothing has happened to the user that ends all sessions. */
function isAsBefore({ user_state, session_generation }: Credentials): boolean {
  return user_state !== 0 && session_generation === 0
}

/** The salt is the old hash's: once that is gone, it says nothing about the token any more. */
function hasSalt(owner: Credentials, userSalt: string | undefined): boolean {
  const hasOldHash = Boolean(owner.user_salt) && readOldHash(owner) !== undefined
  return !hasOldHash || owner.user_salt === userSalt
}
