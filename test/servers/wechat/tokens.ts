import { randomBytes } from 'node:crypto'
import type { WechatWay } from './accounts.js'

const lifeSeconds = 7200
const overlapMilliseconds = 5 * 60_000
/** Between two tokens that are asked for by force. */
const forceMilliseconds = 30_000

/** Which call gave a token: those of one are nothing to those of the other. */
type TokenOrigin = 'token' | 'stable_token'

interface AccessToken {
  readonly way: WechatWay
  readonly origin: TokenOrigin
  readonly expiresAt: number
  /** Until when it works after a newer one was fetched. */
  replacedUntil: number
}

/** The tokens that applications (not people) call WeChat with. */
export interface WechatAccessTokens {
  /** Gives a new one; the one before works five minutes more. */
  fetch(way: WechatWay): LentToken
  /** Gives the same one until five minutes before it expires; by force another, which ends the one before. */
  fetchStable(way: WechatWay, byForce: boolean): LentToken
  /** The error a call with this token is answered with, if it is not good for the application. */
  fault(token: string | null, way: WechatWay): number | undefined
  /** Makes every token of an application unknown, as fetching one elsewhere twice would. */
  forget(way: WechatWay): void
  /** What wx.config of pages is signed with; the same until it expires. */
  ticket(): { readonly ticket: string; readonly expires_in: number }
}

interface LentToken {
  readonly access_token: string
  readonly expires_in: number
}

export function createAccessTokens(now: () => number): WechatAccessTokens {
  const tokens = new Map<string, AccessToken>()
  let ticket = { text: '', expiresAt: 0 }
  const forcedAt = new Map<WechatWay, number>()
  const give = (way: WechatWay, origin: TokenOrigin, overlap: number): LentToken => {
    for (const token of tokens.values())
      if (token.way === way && token.origin === origin)
        token.replacedUntil = Math.min(token.replacedUntil, now() + overlap)
    const text = randomBytes(68).toString('base64url')
    const expiresAt = now() + lifeSeconds * 1000
    tokens.set(text, { way, origin, expiresAt, replacedUntil: Infinity })
    return { access_token: text, expires_in: lifeSeconds }
  }
  return {
    fetch: (way) => give(way, 'token', overlapMilliseconds),
    fetchStable(way, byForce) {
      const [text, current] = [...tokens].findLast(
        ([, { way: whose, origin }]) => whose === way && origin === 'stable_token',
      ) ?? ['', undefined]
      const left = (current?.expiresAt ?? 0) - now()
      if (byForce && now() - (forcedAt.get(way) ?? -Infinity) >= forceMilliseconds) {
        forcedAt.set(way, now())
        return give(way, 'stable_token', 0)
      }
      if (left > overlapMilliseconds) return { access_token: text, expires_in: Math.floor(left / 1000) }
      return give(way, 'stable_token', overlapMilliseconds)
    },
    fault(text, way) {
      if (text === null || text === '') return 41001
      const token = tokens.get(text)
      if (token === undefined || token.way !== way || now() >= token.replacedUntil) return 40001
      return now() >= token.expiresAt ? 42001 : undefined
    },
    forget(way) {
      for (const [text, token] of tokens) if (token.way === way) tokens.delete(text)
    },
    ticket() {
      if (now() >= ticket.expiresAt)
        ticket = { text: randomBytes(43).toString('base64url'), expiresAt: now() + lifeSeconds * 1000 }
      return { ticket: ticket.text, expires_in: Math.floor((ticket.expiresAt - now()) / 1000) }
    },
  }
}
