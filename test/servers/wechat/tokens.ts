import { randomBytes } from 'node:crypto'
import type { WechatWay } from './accounts.js'

const lifeSeconds = 7200
const overlapMilliseconds = 5 * 60_000

interface AccessToken {
  readonly way: WechatWay
  readonly expiresAt: number
  /** Until when it works after a newer one was fetched. */
  replacedUntil: number
}

/** The tokens that applications (not people) call WeChat with. */
export interface WechatAccessTokens {
  /** Gives a new one; the one before works five minutes more. */
  fetch(way: WechatWay): { readonly access_token: string; readonly expires_in: number }
  /** The error a call with this token is answered with, if it is not good for the application. */
  fault(token: string | null, way: WechatWay): number | undefined
  /** Makes every token of an application unknown, as fetching one elsewhere twice would. */
  forget(way: WechatWay): void
  /** What wx.config of pages is signed with; the same until it expires. */
  ticket(): { readonly ticket: string; readonly expires_in: number }
}

export function createAccessTokens(now: () => number): WechatAccessTokens {
  const tokens = new Map<string, AccessToken>()
  let ticket = { text: '', expiresAt: 0 }
  return {
    fetch(way) {
      for (const token of tokens.values())
        if (token.way === way)
          token.replacedUntil = Math.min(token.replacedUntil, now() + overlapMilliseconds)
      const text = randomBytes(68).toString('base64url')
      const expiresAt = now() + lifeSeconds * 1000
      tokens.set(text, { way, expiresAt, replacedUntil: Infinity })
      return { access_token: text, expires_in: lifeSeconds }
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
