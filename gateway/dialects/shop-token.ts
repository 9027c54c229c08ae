import type { IncomingHttpHeaders } from 'node:http'
import { parseQueryString } from '../wire/query-string.js'

/**
 * The token that the rest of the shop would find in a request (account-beside.md §2.1): that of the header, from which
 * `Bearer` in this very spelling is cut, and only where the header is blank that of the parameter. Unlike ours, its
 * reader takes `null` and `undefined` for broken tokens. `target`: the path and query that the client asked for.
 */
export function findShopToken(
  { authorization = '' }: IncomingHttpHeaders,
  target: string,
): string | undefined {
  const query = target.indexOf('?')
  const params = parseQueryString(query < 0 ? '' : target.slice(query + 1))
  const header = authorization.startsWith('Bearer') ? authorization.slice('Bearer'.length) : authorization
  const found = authorization.trim() === '' ? params['access_token'] : header
  return found?.trim() || undefined
}
