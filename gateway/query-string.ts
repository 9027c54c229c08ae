import { GatewayError } from './errors.js'

/**
 * Parameters as the caller wrote them, decoded: the first value of each name. The object has no prototype, so
 * that names like `__proto__` and `constructor` are ordinary keys.
 */
export type RawParameters = Record<string, string>

/** More than any client sends; bounds the work of sorting them for a signature. */
const mostParameters = 1000

const percent = 37
const plus = 43
const ampersand = 38
const equals = 61

export function emptyParameters(): RawParameters {
  return Object.create(null) as RawParameters
}

/**
 * Adds the pairs of a query string or urlencoded form to `into`, which keeps what it has already: of a repeated
 * name the first value counts (passport.md §1). `+` is a space, a broken `%` stays as it is, bytes are UTF-8.
 * Throws PARAM_ERROR for more than 1000 pairs.
 */
export function parseQueryString(text: string, into: RawParameters = emptyParameters()): RawParameters {
  let pairs = 0
  let start = 0
  let split = -1
  let nameEncoded = false
  let valueEncoded = false
  for (let at = 0; at <= text.length; at++) {
    const char = at < text.length ? text.charCodeAt(at) : ampersand
    if (char === ampersand) {
      if (at > start) {
        if (++pairs > mostParameters) throw tooMany()
        const nameEnd = split < 0 ? at : split
        const rawName = text.slice(start, nameEnd)
        const name = nameEncoded ? decodeComponent(rawName) : rawName
        if (into[name] === undefined) {
          const value = split < 0 ? '' : text.slice(split + 1, at)
          into[name] = valueEncoded ? decodeComponent(value) : value
        }
      }
      start = at + 1
      split = -1
      nameEncoded = false
      valueEncoded = false
    } else if (char === equals && split < 0) {
      split = at
    } else if (char === percent || char === plus) {
      if (split < 0) nameEncoded = true
      else valueEncoded = true
    }
  }
  return into
}

/** Adds parsed scalars, as of a JSON body, under the same rules. */
export function addParameters(into: RawParameters, pairs: Iterable<readonly [string, string]>): void {
  let count = 0
  for (const [name, value] of pairs) {
    if (++count > mostParameters) throw tooMany()
    into[name] ??= value
  }
}

function tooMany(): GatewayError {
  return new GatewayError('PARAM_ERROR', { detail: `at most ${mostParameters} parameters` })
}

function decodeComponent(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return decodeLeniently(spaced)
  }
}

const hexPair = /%[0-9a-f]{2}/gi

/** Decodes the good escapes and leaves the broken ones; a sequence that is no UTF-8 becomes U+FFFD. */
function decodeLeniently(text: string): string {
  const bytes: Buffer[] = []
  let end = 0
  for (const match of text.matchAll(hexPair)) {
    bytes.push(Buffer.from(text.slice(end, match.index)), Buffer.from(match[0].slice(1), 'hex'))
    end = match.index + 3
  }
  bytes.push(Buffer.from(text.slice(end)))
  return Buffer.concat(bytes).toString('utf8')
}
