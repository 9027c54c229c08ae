import type { RequestHead } from '../incoming.js'
import type { RawParameters } from '../query-string.js'

/** Texts that old clients send where they have no token (account.md §1). */
const noToken = new Set(['', 'null', 'undefined'])

/**
 * The session token of a call: header `Authorization` with or without `Bearer`, else the first of the named
 * parameters that holds one (account.md §2).
 */
export function findSessionToken(
  { headers }: RequestHead,
  params: RawParameters,
  names: readonly string[],
): string | undefined {
  const header = headers.authorization?.replace(/^Bearer\s+/i, '').trim()
  if (header !== undefined && !noToken.has(header) && header.toLowerCase() !== 'bearer') return header
  for (const name of names) {
    const value = params[name]
    if (value !== undefined && !noToken.has(value)) return value
  }
  return undefined
}
