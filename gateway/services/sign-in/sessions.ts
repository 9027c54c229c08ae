import { randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import {
  findOwnedSession,
  hasLiveSession,
  insertSession,
  keepSession,
  listLiveTokens,
  raiseSessionGeneration,
  revokeOwnSession,
  revokeSession,
  type SessionState,
} from '../../../db/sessions.js'
import type { OldTokensConfig, ShopTokensConfig } from '../../../config/shop.js'
import { findCredentials } from '../../../db/credentials.js'
import { defined } from '../../wire/defined-fields.js'
import { GatewayError, isError } from '../../outcome/errors.js'
import type { Ready } from '../../outcome/ready.js'
import type { Cache } from '../cache.js'
import type { Clock } from '../clock.js'
import { createOldShopTokens, isOldShopToken } from './old-shop-tokens.js'
import { createRefresh } from './refresh.js'
import { fetchSides, ownerKey, sessionKey } from './session-sides.js'
import type { SignedIn } from './signed-in.js'
import { createTokenForms } from './token-forms.js'

export type { SignedIn } from './signed-in.js'

interface NewSession {
  readonly userId: number
  /** The user's session_generation as read before the password was checked. */
  readonly generation: number
  readonly app: string
  readonly ip: string
}

/** Tokens (JWT HS256, account.md §2, account-beside.md §2) and the sessions they stand for. */
export interface Sessions {
  /** Starts a session in the caller's transaction and returns its token. */
  start(db: Knex, session: NewSession): Promise<string>
  /** Who a token belongs to. Throws TOKEN_EXPIRED, or TOKEN_BROKEN for forged, ended and locked users' tokens. */
  verify(token: string): Promise<SignedIn>
  /** Whether the session of a call is alive, as the caller's transaction has it now. */
  isLive(db: Knex, session: SignedIn): Promise<boolean>
  /** Whether a user may have a live session or a token of the shop, likewise. */
  mayHaveAny(db: Knex, userId: number): Promise<boolean>
  /** The ids of those whose tokens are alive, as the database has it now. */
  listLive(sessions: readonly SignedIn[]): Promise<ReadonlySet<string>>
  /**
   * A token of the same session that lives as long as a new one, once less than half an hour is left (account.md §2);
   * undefined before that.
   */
  refresh(session: SignedIn): Ready<string | undefined>
  /** Ends one session in the caller's transaction; call `forgetToken` after the commit. */
  end(db: Knex, tokenId: string): Promise<void>
  /** The same for the token of a call, be it one that an old shop issued. */
  logOut(db: Knex, session: SignedIn): Promise<void>
  /** Ends one session if it is this user's and alive, likewise; false otherwise. */
  endOwn(db: Knex, userId: number, tokenId: string): Promise<boolean>
  /**
   * Ends all sessions of a user in the caller's transaction, but for that of the token `except`, if it is still
   * alive; call `forget` after the commit.
   */
  endAll(db: Knex, userId: number, kept?: { readonly except?: string | undefined }): Promise<void>
  /** Drops what this and the other nodes remember of one session, so that its end shows at once. */
  forgetToken(tokenId: string): void
  /** Drops what they remember of a user, so that the end of all shows at once. */
  forget(userId: number): void
}

interface Dependencies {
  readonly db: Knex
  readonly cache: Cache
  readonly clock: Clock
  /** Tokens are signed with the first, or that at the place `signing`, and accepted from all. */
  readonly jwtSecrets: readonly string[]
  readonly signing?: () => number
  readonly shopTokens?: ShopTokensConfig | undefined
  readonly oldTokens?: OldTokensConfig | undefined
  /** Called once, when a token of the old server is refused as its time is over. */
  readonly onLateToken?: () => void
  readonly tokenHours: number
}

export function createSessions(dependencies: Dependencies): Sessions {
  const { db, cache, clock, tokenHours, onLateToken, ...secrets } = dependencies
  const forms = createTokenForms(secrets)
  const lifetime = tokenHours * 3_600_000
  const oldOwnerKey = (userId: number) => `shop-token-owner:${userId}`
  const oldTokens = createOldShopTokens({
    db,
    cache,
    tokenKey: sessionKey,
    now: () => clock.now(),
    cutOver: secrets.shopTokens?.cutOver,
    until: secrets.oldTokens?.until,
    nameSalts: secrets.shopTokens !== undefined,
    ...defined({ onLate: onLateToken }),
  })
  const sign = (userId: number, tokenId: string, expiresAt: number) => {
    const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000)
    return forms.sign({ sub: userId, jti: tokenId, iat: seconds(clock.now()), exp: seconds(expiresAt) })
  }
  const isAliveNow = async (db: Knex, tokenId: string) => {
    const session = await findOwnedSession(db, tokenId)
    return session !== undefined && isAlive(session, session)
  }
  const endSession = (db: Knex, tokenId: string) => revokeSession(db, tokenId, clock.now())
  return {
    async start(db, { userId, generation, app, ip }) {
      const tokenId = randomBytes(16).toString('base64url')
      const createdAt = clock.now()
      const expiresAt = createdAt + lifetime
      await insertSession(db, {
        token_id: tokenId,
        user_id: userId,
        generation,
        app_name: app,
        ip,
        created_at: createdAt,
        expires_at: expiresAt,
      })
      return sign(userId, tokenId, expiresAt)
    },
    refresh: createRefresh({ db, cache, clock, lifetime, sign }),
    async verify(token) {
      const claims = forms.read(token, clock.now())
      const { sub, jti, exp } = claims
      if (jti === undefined) {
        const owner = await cache.fetch(oldOwnerKey(sub), () => findCredentials(db, sub))
        return oldTokens.verify(claims, owner)
      }
      const { session, owner } = await fetchSides({ db, cache }, jti, sub)
      if (session?.user_id !== sub || !owner) throw new GatewayError('TOKEN_BROKEN')
      // Remembered at two moments, the two may disagree about a session that was kept when the others were ended.
      const agree = session.generation === owner.session_generation
      if (!(agree ? isAlive(session, owner) : await isAliveNow(db, jti)))
        throw new GatewayError('TOKEN_BROKEN')
      return { userId: sub, tokenId: jti, expiresAt: exp * 1000 }
    },
    isLive: async (db, session) =>
      isOldShopToken(session)
        ? (await oldTokens.listLive(db, [session])).length > 0
        : isAliveNow(db, session.tokenId),
    mayHaveAny: async (db, userId) =>
      (await hasLiveSession(db, userId, clock.now())) || oldTokens.mayHave(db, userId),
    async listLive(sessions) {
      const own = sessions.filter((session) => !isOldShopToken(session)).map(({ tokenId }) => tokenId)
      const live = await Promise.all([
        listLiveTokens(db, [...new Set(own)], clock.now()),
        oldTokens.listLive(db, sessions.filter(isOldShopToken)),
      ])
      return new Set(live.flat())
    },
    end: endSession,
    logOut: (db, session) =>
      isOldShopToken(session) ? oldTokens.end(db, session) : endSession(db, session.tokenId),
    endOwn: (db, userId, tokenId) => revokeOwnSession(db, userId, tokenId, clock.now()),
    forgetToken: (tokenId) => cache.drop(sessionKey(tokenId)),
    async endAll(db, userId, { except } = {}) {
      await raiseSessionGeneration(db, userId)
      if (except !== undefined) await keepSession(db, userId, except)
    },
    forget(userId) {
      cache.drop(ownerKey(userId))
      cache.drop(oldOwnerKey(userId))
    },
  }
}

/** Who a token belongs to; a broken or expired one counts as none where none is needed (account.md §1). */
export async function verifyOrNobody(token: string, sessions: Sessions): Promise<SignedIn | undefined> {
  try {
    return await sessions.verify(token)
  } catch (error) {
    if (isError(error, 'TOKEN_BROKEN', 'TOKEN_EXPIRED')) return undefined
    throw error
  }
}

function isAlive(
  { generation, revoked_at }: SessionState,
  owner: { readonly session_generation: number; readonly user_state: number },
): boolean {
  return revoked_at === null && generation === owner.session_generation && owner.user_state !== 0
}
