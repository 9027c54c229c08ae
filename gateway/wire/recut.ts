import type { RawParameters } from './query-string.js'
import { unsignedNames } from './signature.js'

/** Names that mean something in a call of any method, besides those its contract declares. */
const meaningfulAnywhere: ReadonlySet<string> = new Set([
  'method',
  'uid',
  'client_type',
  'app_key',
  'session_key',
  'access_token',
  'perm_key',
])

/** The order, search and filters of a list (account.md §3), which no contract declares one by one. */
const listParameter = /^\w+\[\d*\]/

/**
 * The parameter that the text of a legacy signature could also be read with, or that a call cut out of another's text
 * has hidden; undefined for a call that can be read in one way only. The text marks neither where a value nor where a
 * name ends (passport.md §3), so `a=1` with the value `1&uid=2` is signed as `a=1` and `uid=2` are, and so is a
 * parameter named `a=1&uid`. Blanks before a name are trimmed off the text too. `declared` are the names that the
 * called method reads; where `callback` is one of them, it is an address and may hold parameters of its own.
 */
export function findRecut(params: RawParameters, declared: ReadonlySet<string>): string | undefined {
  for (const name in params) {
    const value = params[name] ?? ''
    // Nearly all calls stop here.
    if (!value.includes('&') && isPlainName(name)) continue
    if (unsignedNames.has(name) || name === 'private_key') continue
    if (name === 'callback' && declared.has('callback')) continue
    const found = readableNames(`${name}=${value}`).find(
      (other, at) => (at > 0 || other !== name) && isMeaningful(other, declared),
    )
    if (found !== undefined) return found
  }
  return undefined
}

function isPlainName(name: string): boolean {
  return !name.includes('=') && !name.includes('&') && name.charCodeAt(0) > 32
}

/** The names that a text of pairs has where every `&` begins a new one. */
function readableNames(text: string): string[] {
  return text
    .split('&')
    .filter((pair) => pair.includes('='))
    .map((pair) => pair.slice(0, pair.indexOf('=')).replace(/^[\0- ]+/, ''))
}

function isMeaningful(name: string, declared: ReadonlySet<string>): boolean {
  return meaningfulAnywhere.has(name) || declared.has(name) || listParameter.test(name)
}
