import type { RequestHead } from './dialect.js'
import type { RawParameters } from '../wire/query-string.js'

/** Whether a text is none of those that old clients send where they have no token (account.md §1). */
function isToken(text: string): boolean {
  return text !== '' && text !== 'null' && text !== 'undefined'
}

/**
 * The token of a header `Authorization`, with or without `Bearer`. What is of another scheme (`Basic …`, as a proxy or
 * a browser adds it for a site behind a password) is none.
 */
function bearerOf(header: string): string | undefined {
  const token = header.replace(/^\s*Bearer\s+/i, '').trim()
  return isToken(token) && !/\s/.test(token) && !/^(?:bearer|basic)$/i.test(token) ? token : undefined
}

/**
 * The session token of a call: header `Authorization` with or without `Bearer`, else the first of the named
 * parameters that holds one (account.md §2).
 */
export function findSessionToken(
  { headers }: Pick<RequestHead, 'headers'>,
  params: RawParameters,
  names: readonly string[],
): string | undefined {
  const { authorization } = headers
  const header = authorization === undefined ? undefined : bearerOf(authorization)
  if (header !== undefined) return header
  for (const name of names) {
    const value = params[name]
    if (value !== undefined && isToken(value)) return value
  }
  return undefined
}
