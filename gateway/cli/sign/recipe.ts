import { createHmac, hash } from 'node:crypto'
import { parseQueryString } from '../../wire/query-string.js'
import { trimAscii, unsignedNames } from '../../wire/signature.js'

/** A parameter as the gateway reads it, and its value as it stands in the URL. */
export interface SentPair {
  readonly name: string
  readonly value: string
  readonly raw: string
}

/** How a client makes its signature (passport.md §3), in parts, one of which a mistake changes. */
export interface Recipe {
  /** What is signed, in the order sent. */
  readonly pairs: readonly SentPair[]
  readonly secret: string
  /** The names under which the secret is signed, and where. */
  readonly keys: readonly string[]
  readonly keyPlace: 'sorted' | 'first' | 'last'
  readonly order: (left: SentPair, right: SentPair) => number
  readonly write: (pair: SentPair) => string
  readonly joint: string
  readonly digest: (text: string, secret: string) => string
}

/** The pairs of a query string or form, repeated names included. */
export function readPairs(query: string): SentPair[] {
  return query
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => {
      const [[name, value] = ['', '']] = Object.entries(parseQueryString(piece))
      const split = piece.indexOf('=')
      return { name, value, raw: split < 0 ? '' : piece.slice(split + 1) }
    })
}

/** The first pair of each name, the one that counts. */
export function firstOfEach(sent: readonly SentPair[]): SentPair[] {
  const names = new Set<string>()
  return sent.filter(({ name }) => !names.has(name) && names.add(name))
}

/** The right recipe of scheme legacy. */
export function legacyRecipe(sent: readonly SentPair[], secret: string): Recipe {
  return {
    pairs: firstOfEach(sent).filter(({ name }) => !unsignedNames.has(name) && name !== 'private_key'),
    secret,
    keys: ['private_key'],
    keyPlace: 'sorted',
    order: byName,
    write: (pair) => trimAscii(`${pair.name}=${pair.value}`),
    joint: '&',
    digest: (text) => hash('md5', text, 'hex'),
  }
}

/** The right recipe of scheme hmac-sha256. */
export function hmacRecipe(sent: readonly SentPair[], secret: string): Recipe {
  return {
    pairs: firstOfEach(sent).filter(({ name }) => name !== 'client_secret'),
    secret,
    keys: [],
    keyPlace: 'sorted',
    order: byName,
    write: writeBy(encodeURIComponent),
    joint: '&',
    digest: (text, key) => createHmac('sha256', key).update(text).digest('hex'),
  }
}

/** The signature that a recipe makes. */
export function followRecipe(recipe: Recipe): string {
  const { secret, keyPlace, order } = recipe
  const keys = recipe.keys.map((name) => ({ name, value: secret, raw: secret }))
  const sorted = (keyPlace === 'sorted' ? [...recipe.pairs, ...keys] : recipe.pairs).toSorted(order)
  const placed = { sorted, first: [...keys, ...sorted], last: [...sorted, ...keys] }[keyPlace]
  return recipe.digest(placed.map(recipe.write).join(recipe.joint), secret)
}

/** Writes a pair with both sides encoded. */
export function writeBy(encode: (text: string) => string): Recipe['write'] {
  return ({ name, value }) => `${encode(name)}=${encode(value)}`
}

/** The order of UTF-16 code units. */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

function byName(left: SentPair, right: SentPair): number {
  return compareTexts(left.name, right.name)
}
