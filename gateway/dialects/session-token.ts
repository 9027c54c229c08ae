import type { RequestHead } from './dialect.js'
import type { RawParameters } from '../wire/query-string.js'

/** Whether a text is none of those that old clients send where they have no token (account.md §1). */
function isToken(text: string): boolean {
  return text !== '' && text !== 'null' && text !== 'undefined'
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
  const header = headers.authorization?.replace(/^Bearer\s+/i, '').trim()
  if (header !== undefined && isToken(header) && header.toLowerCase() !== 'bearer') return header
  for (const name of names) {
    const value = params[name]
    if (value !== undefined && isToken(value)) return value
  }
  return undefined
}
