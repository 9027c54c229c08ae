import type { IncomingHttpHeaders } from 'node:http'
import type { Visitor } from '../incoming.js'

/**
 * The visitor that the cookie `_UID` = `name::uid::?::token` speaks of, and the page he is on (passport.md §5). What
 * is missing is empty: that visitor is nobody.
 */
export function parseCookieVisitor(headers: IncomingHttpHeaders): Visitor {
  const value = findCookie(headers.cookie ?? '', '_UID') ?? ''
  const [, uid = '', , token = ''] = value.split('::')
  return { uid, token, refererHost: hostOf(headers.referer) }
}

function findCookie(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const split = pair.indexOf('=')
    if (split < 0 || pair.slice(0, split).trim() !== name) continue
    const value = pair
      .slice(split + 1)
      .trim()
      .replace(/^"(.*)"$/, '$1')
    try {
      return decodeURIComponent(value)
    } catch {
      return value
    }
  }
  return undefined
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).host : undefined
}
