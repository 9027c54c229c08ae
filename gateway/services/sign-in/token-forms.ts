import { createSecretKey, hash, type KeyObject } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { BoundedMap } from '../../../db/bounded-map.js'
import type { OldTokensConfig, ShopTokensConfig } from '../../../config/shop.js'
import { GatewayError } from '../../outcome/errors.js'
import { readShopSubject, writeShopSubject } from './shop-subject.js'

/** What a token of ours says: its user and its session. Times in seconds. */
interface SessionClaims {
  readonly sub: number
  readonly jti: string
  readonly exp: number
}

/** What a token says that an old server issued itself. Times in seconds. */
export interface OldShopClaims {
  readonly sub: number
  readonly jti: undefined
  readonly exp: number
  readonly iat: number
  readonly userSalt: string | undefined
  /** The SHA-256 of the whole token: all that tells it from others. */
  readonly digest: string
}

/** The forms that tokens have: ours, and where a shop stands beside us its own. */
export interface TokenForms {
  sign(claims: SessionClaims & { readonly iat: number }): string
  /** Of what is signed and alive by itself. Throws TOKEN_EXPIRED, or TOKEN_BROKEN for all else. */
  read(token: string, now: number): SessionClaims | OldShopClaims
}

interface Keys {
  /** Tokens are signed with the first, or that at the place `signing`, and accepted from all. */
  readonly jwtSecrets: readonly string[]
  readonly signing?: (() => number) | undefined
  readonly shopTokens?: ShopTokensConfig | undefined
  /** Until they end, tokens are signed with their secret, which the old server reads. */
  readonly oldTokens?: OldTokensConfig | undefined
}

/** Some three megabytes. */
const mostRemembered = 10_000

export function createTokenForms({ jwtSecrets, signing = () => 0, shopTokens, oldTokens }: Keys): TokenForms {
  // A KeyObject: jsonwebtoken tries to read a string as PEM first, at fifty times the cost.
  const keys = jwtSecrets.map((secret) => createSecretKey(Buffer.from(secret)))
  if (keys.length === 0) throw new Error('no JWT_SECRET')
  const shopKey = shopTokens && createSecretKey(Buffer.from(shopTokens.key, 'base64'))
  const oldKey = oldTokens?.secret === undefined ? undefined : createSecretKey(Buffer.from(oldTokens.secret))
  const until = oldTokens?.until ?? 0
  // Who signed a token does not change, and to find out takes longer than to read its session.
  const read = new BoundedMap<string, SessionClaims | OldShopClaims>(mostRemembered)
  return {
    sign({ sub, jti, iat, exp }) {
      if (shopKey) return signShopToken(shopKey, { sub: writeShopSubject(sub), exp, iat, jti })
      const key = oldKey && iat * 1000 < until ? oldKey : keys[signing()]
      if (!key) throw new Error('no JWT_SECRET at that place')
      return jwt.sign({ sub: String(sub), jti, iat, exp }, key, { algorithm: 'HS256' })
    },
    read(token, now) {
      const known = read.get(token)
      if (known && known.exp * 1000 <= now) throw new GatewayError('TOKEN_EXPIRED')
      if (known) return known
      const ofShop = shopKey && verifySignature(token, shopKey, now, shopAlgorithms(shopKey))
      const ofOld = oldKey && verifySignature(token, oldKey, now, ['HS256'])
      const claims = ofShop
        ? readShopClaims(ofShop, token)
        : ofOld
          ? readOldClaims(ofOld, token)
          : readOwnClaims(token, keys, now)
      if (!claims) throw new GatewayError('TOKEN_BROKEN')
      read.set(token, claims)
      return claims
    },
  }
}

/** A token that the shop reads, with the claims in their order; its reader wants no more of a header than `alg`. */
export function signShopToken(
  key: KeyObject,
  claims: { readonly sub: string; readonly exp: number; readonly iat: number; readonly jti?: string },
): string {
  return jwt.sign(claims, key, { algorithm: 'HS256', header: { alg: 'HS256', typ: undefined } })
}

/** The shop signs with the longest digest that its key has bytes for, and reads the shorter ones too. */
function shopAlgorithms({ symmetricKeySize: bytes = 0 }: KeyObject): jwt.Algorithm[] {
  return ['HS256', ...(bytes >= 48 ? ['HS384' as const] : []), ...(bytes >= 64 ? ['HS512' as const] : [])]
}

/** What a token says that this key signed; undefined for another one. Throws TOKEN_EXPIRED. */
function verifySignature(
  token: string,
  key: KeyObject,
  now: number,
  algorithms: jwt.Algorithm[],
): jwt.JwtPayload | undefined {
  try {
    const claims = jwt.verify(token, key, { algorithms, clockTimestamp: Math.floor(now / 1000) })
    return typeof claims === 'string' ? {} : claims
  } catch (error) {
    if (error instanceof jwt.TokenExpiredError) throw new GatewayError('TOKEN_EXPIRED')
    return undefined
  }
}

function readOwnClaims(token: string, keys: readonly KeyObject[], now: number): SessionClaims | undefined {
  for (const key of keys) {
    const claims = verifySignature(token, key, now, ['HS256'])
    if (!claims) continue
    const { sub = '', jti, exp } = claims
    return jti && exp && /^\d{1,16}$/.test(sub) ? { sub: Number(sub), jti, exp } : undefined
  }
  return undefined
}

/** With `jti` it is one of ours, which the old server reads too; else one of its own, whose user may be a number. */
function readOldClaims(
  { sub, exp, iat = 0, jti }: jwt.JwtPayload,
  token: string,
): SessionClaims | OldShopClaims | undefined {
  const subject = String(sub)
  if (!exp || !/^\d{1,16}$/.test(subject)) return undefined
  const userId = Number(subject)
  if (jti !== undefined) return { sub: userId, jti, exp }
  return { sub: userId, jti, exp, iat, userSalt: undefined, digest: hash('sha256', token) }
}

/** Without `jti` it is one that the shop issued; one that is there must be a session's (account-beside.md §2.3). */
function readShopClaims(
  { sub, exp, iat, ...claims }: jwt.JwtPayload,
  token: string,
): SessionClaims | OldShopClaims | undefined {
  const subject = readShopSubject(sub)
  if (!subject || !exp) return undefined
  const { userId, userSalt } = subject
  const jti: unknown = claims.jti
  if (typeof jti === 'string' && jti !== '') return { sub: userId, jti, exp }
  if ('jti' in claims || typeof iat !== 'number') return undefined
  return { sub: userId, jti: undefined, exp, iat, userSalt, digest: hash('sha256', token) }
}
