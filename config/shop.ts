import { hash } from 'node:crypto'
import { defined } from '../gateway/wire/defined-fields.js'

/** How tokens are shared with the rest of an old shop (account-beside.md §2). */
export interface ShopTokensConfig {
  /** The key of both servers, in base64. */
  readonly key: string
  /** Milliseconds: tokens that the shop issued before are believed for a day more. */
  readonly cutOver?: number
}

/** The SHA-256 of the key that every copy of the shop ships with. */
const shippedDigest = 'c0f047a4b00f4e6a803f01612a7e4c9089824817a6120501c1caf0f785e65f4f'
/** The shop can sign with no less. */
const leastBytes = 32

/** Whether a text is standard base64 of enough bytes. Without its padding too: the shop's own decoder takes that. */
export function isShopTokenKey(text: string): boolean {
  const [, digits, padding = ''] = /^([A-Za-z0-9+/]+)(={0,2})$/.exec(text) ?? []
  if (digits === undefined || digits.length % 4 === 1) return false
  if (padding !== '' && text.length % 4 !== 0) return false
  return Buffer.from(digits, 'base64').length >= leastBytes
}

/** Whether a key is the one with this digest, padded or not: by default the one that everybody knows. */
export function isShippedKey(text: string, digest = shippedDigest): boolean {
  const padded = Buffer.from(text, 'base64').toString('base64')
  return [text, padded].some((form) => hash('sha256', form) === digest)
}

/** Tokens of an old server that are taken for a while. */
export interface OldTokensConfig {
  /** What it signs with, HS256; absent: a shop's key does. */
  readonly secret?: string
  /** Milliseconds. */
  readonly until: number
}

/** What the variables say of it; absent where none is taken. */
export function oldTokensOf(e: { readonly OLD_TOKEN_SECRET?: string; readonly OLD_TOKEN_UNTIL?: string }): {
  oldTokens?: OldTokensConfig
} {
  if (e.OLD_TOKEN_UNTIL === undefined) return {}
  return { oldTokens: { until: Date.parse(e.OLD_TOKEN_UNTIL), ...defined({ secret: e.OLD_TOKEN_SECRET }) } }
}

const momentForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/

/** Whether a text is a day and a time with its zone, in ISO form. */
export function isMoment(text: string): boolean {
  return momentForm.test(text) && !Number.isNaN(Date.parse(text))
}

/** What the variables say of it; absent where there is no shop. */
export function shopTokensOf(e: { readonly SHOP_TOKEN_KEY?: string; readonly SHOP_CUT_OVER?: string }): {
  shopTokens?: ShopTokensConfig
} {
  if (e.SHOP_TOKEN_KEY === undefined) return {}
  const cutOver = e.SHOP_CUT_OVER === undefined ? undefined : Date.parse(e.SHOP_CUT_OVER)
  return { shopTokens: { key: e.SHOP_TOKEN_KEY, ...defined({ cutOver }) } }
}
