import { GatewayError } from '../outcome/errors.js'

/**
 * Parameters as the caller wrote them, decoded: the first value of each name. The object has no prototype, so
 * that names like `__proto__` and `constructor` are ordinary keys.
 */
export type RawParameters = Record<string, string>

/** More than any client sends; bounds the work of sorting them for a signature. */
const mostParameters = 1000

export function emptyParameters(): RawParameters {
  return new EmptyObject()
}

/** As free of inherited names as `Object.create(null)`, which V8 would keep as a dictionary, slower on every use. */
const EmptyObject = function () {} as unknown as new () => RawParameters
EmptyObject.prototype = Object.create(null)

/**
 * Adds the pairs of a query string or urlencoded form to `into`, which keeps what it has already: of a repeated
 * name the first value counts (passport.md §1). `+` is a space, a broken `%` stays as it is, bytes are UTF-8.
 * Throws PARAM_ERROR for more than 1000 pairs.
 */
export function parseQueryString(text: string, into: RawParameters = emptyParameters()): RawParameters {
  let pairs = 0
  let equals = -1
  let percent = -1
  let plus = -1
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf('&', start)
    if (end < 0) end = text.length
    if (end === start) continue
    if (++pairs > mostParameters) throw tooMany()
    equals = next(text, '=', start, equals)
    percent = next(text, '%', start, percent)
    plus = next(text, '+', start, plus)
    const split = Math.min(equals, end)
    const isEncoded = percent < end || plus < end
    const rawName = text.slice(start, split)
    const name = isEncoded ? decodeComponent(rawName) : rawName
    if (into[name] !== undefined) continue
    const value = text.slice(split + 1, end)
    into[name] = isEncoded ? decodeComponent(value) : value
  }
  return into
}

/** Where a character stands next; looked for again only once passed, or a long text would be searched for each pair. */
function next(text: string, character: string, start: number, known: number): number {
  if (known >= start) return known
  const found = text.indexOf(character, start)
  return found < 0 ? Infinity : found
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
