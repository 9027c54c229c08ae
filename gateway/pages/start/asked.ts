import type { IncomingMessage } from 'node:http'
import { pathOf } from '../../http/edge.js'
import { parseQueryString } from '../../wire/query-string.js'

/**
 * Whether a request for `/` comes from somebody who looks at it in a browser. Clients call methods there too
 * (passport.md §1): what names a method or is no GET is a call.
 */
export function asksForStartPage({ method, headers, url = '' }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  if (!/\btext\/html\b/i.test(headers.accept ?? '') || pathOf(url) !== '/') return false
  const query = url.indexOf('?')
  return query < 0 || !namesMethod(url.slice(query + 1))
}

function namesMethod(query: string): boolean {
  try {
    return 'method' in parseQueryString(query)
  } catch {
    // More than can be read: the call's own answer says so.
    return true
  }
}
