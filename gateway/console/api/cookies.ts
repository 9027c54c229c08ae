import type { IncomingMessage } from 'node:http'
import { findCookie } from '../../wire/cookies.js'

/** The prefix holds browsers to Secure, to the path `/` and to this very host: no other host can plant it. */
export const consoleCookie = '__Host-passport-console'

const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict'

/** What the session's cookie of a request holds. */
export function readCookie({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  return findCookie(headers.cookie ?? '', consoleCookie)
}

/** A header `Set-Cookie` that ends with the browser; the server ends it sooner. */
export function writeCookie(secret: string): string {
  return `${consoleCookie}=${secret}; ${attributes}`
}

/** The header that takes the cookie back. */
export const clearedCookie = `${consoleCookie}=; ${attributes}; Max-Age=0`
