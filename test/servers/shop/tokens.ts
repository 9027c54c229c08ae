import { createHmac, timingSafeEqual } from 'node:crypto'

// Written from account-beside.md §2 alone, with nothing of the gateway's: what reads its tokens here is another program.

/** The key of the vector of account-beside.md §2.4. */
export const vectorKey = 'cGFzc3BvcnQtZ2F0ZXdheS10ZXN0LWtleS0wMDAwMSE='

/** What `sub` of an old token holds besides the user. */
const fixedRoles = { roleId: 9, siteId: 0, storeId: 0, chainId: 0, clientId: 1 }

export interface OldTokenClaims {
  readonly userId: number
  readonly userSalt: string
  /** Seconds. */
  readonly iat: number
  /** Seconds; a day after `iat` if absent. */
  readonly exp?: number
}

type Algorithm = 'HS256' | 'HS384' | 'HS512'
const digests = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const
const leastBytes = { HS256: 32, HS384: 48, HS512: 64 } as const

/** A token as the old server issues it: with the longest digest that the key has bytes for. */
export function makeOldToken(keyText: string, { userId, userSalt, iat, exp }: OldTokenClaims): string {
  const sub = JSON.stringify({ userId, userSalt, ...fixedRoles })
  return signClaims(keyText, { sub, exp: exp ?? iat + 86_400, iat })
}

/** The same for any claims, those that the old server would not make among them. */
export function signClaims(keyText: string, claims: object, alg = longest(keyText)): string {
  const text = `${encode({ alg })}.${encode(claims)}`
  return `${text}.${sign(keyText, alg, text)}`
}

function longest(keyText: string): Algorithm {
  const { length } = Buffer.from(keyText, 'base64')
  if (length >= leastBytes.HS512) return 'HS512'
  return length >= leastBytes.HS384 ? 'HS384' : 'HS256'
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

function sign(keyText: string, alg: Algorithm, text: string): string {
  return createHmac(digests[alg], Buffer.from(keyText, 'base64')).update(text).digest('base64url')
}

/** What the old server makes of a token. */
export type TokenReading =
  | { readonly state: 'valid'; readonly userId: number; readonly sub: string; readonly exp: number }
  | { readonly state: 'expired' }
  | { readonly state: 'broken' }

const broken = { state: 'broken' } as const

/** Reads a token step by step as §2.1 says. `now` in milliseconds. */
export function readToken(keyText: string, token: string, now: number): TokenReading {
  const [head = '', body = '', signature = '', ...more] = token.split('.')
  if (more.length > 0 || signature === '') return broken
  const alg = decode(head)?.['alg']
  if (alg !== 'HS256' && alg !== 'HS384' && alg !== 'HS512') return broken
  if (Buffer.from(keyText, 'base64').length < leastBytes[alg]) return broken
  const right = Buffer.from(sign(keyText, alg, `${head}.${body}`))
  const given = Buffer.from(signature)
  if (right.length !== given.length || !timingSafeEqual(right, given)) return broken
  const { sub, exp, nbf } = decode(body) ?? {}
  if (typeof exp !== 'number' || typeof sub !== 'string') return broken
  if (exp * 1000 <= now) return { state: 'expired' }
  if (typeof nbf === 'number' && nbf * 1000 > now) return broken
  const userId = Number(parseObject(sub)?.['userId'] ?? Number.NaN)
  if (!Number.isInteger(userId) || Math.abs(userId) > 2 ** 31 - 1) return broken
  return { state: 'valid', userId, sub, exp }
}

function decode(part: string): Record<string, unknown> | undefined {
  return parseObject(Buffer.from(part, 'base64url').toString())
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
