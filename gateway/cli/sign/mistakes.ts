import { createHmac, hash } from 'node:crypto'
import type { ClientApp } from '../../services/apps/apps.js'
import { trimAscii, unsignedNames } from '../../wire/signature.js'
import {
  compareTexts,
  firstOfEach,
  hmacRecipe,
  legacyRecipe,
  type Recipe,
  type SentPair,
  writeBy,
} from './recipe.js'
import {
  decodeToBytes,
  decodeValue,
  formEncodings,
  lowerCaseEncodings,
  strictEncodings,
  type UrlEncoding,
} from './url-encodings.js'

type Scheme = ClientApp['scheme']

/** A mistake of clients; the name says what is wrong and, after the semicolon, what is right. */
export interface Mistake {
  readonly name: string
  /** Given if only one scheme has the mistake. */
  readonly scheme?: Scheme
  readonly change: (recipe: Recipe, sent: readonly SentPair[]) => Recipe
}

/** The mistakes that a signature can hold, the likelier ones first. */
export function possibleMistakes(sent: readonly SentPair[], scheme: Scheme): Mistake[] {
  const pairs = firstOfEach(sent).filter(({ name }) => name !== 'client_secret')
  const leftOut = pairs.map(({ name }) =>
    inBoth(`${name} is left out, or was added after signing; it is signed too`, (recipe) => ({
      pairs: recipe.pairs.filter((pair) => pair.name !== name),
    })),
  )
  const signed = pairs
    .filter(({ name }) => unsignedNames.has(name))
    .map((pair) =>
      inLegacy(`${pair.name} is signed; it is not to be`, ({ pairs }) => ({ pairs: [...pairs, pair] })),
    )
  return [...standing, ...leftOut, ...signed].filter((mistake) => (mistake.scheme ?? scheme) === scheme)
}

type Change = (recipe: Recipe, sent: readonly SentPair[]) => Partial<Recipe>

function inBoth(name: string, change: Change): Mistake {
  return { name, change: (recipe, sent) => ({ ...recipe, ...change(recipe, sent) }) }
}

function inLegacy(name: string, change: Change): Mistake {
  return { ...inBoth(name, change), scheme: 'legacy' }
}

function inHmac(name: string, change: Change): Mistake {
  return { ...inBoth(name, change), scheme: 'hmac-sha256' }
}

const write = (write: Recipe['write']) => () => ({ write })
const encode = (encoding: UrlEncoding) => write(writeBy(encoding))
const decode =
  (valueOf: (pair: SentPair) => string): Change =>
  ({ pairs }) => ({ pairs: pairs.map((pair) => ({ ...pair, value: valueOf(pair) })) })
const keys = (keys: Pick<Recipe, 'keys'> | Pick<Recipe, 'keyPlace'>) => () => keys
const sorted = (name: string, order: Recipe['order']) =>
  inBoth(`${name}; they are sorted by name, in the order of UTF-16 code units`, () => ({ order }))
const plain: Recipe['write'] = ({ name, value }) => `${name}=${value}`
const sha256 = (key: string | Uint8Array, text: string) => createHmac('sha256', key).update(text)

const everyEncoding = [encodeURIComponent, ...formEncodings, ...strictEncodings, ...lowerCaseEncodings]
const signedDecoded = 'values are signed url-encoded; they are signed decoded'
const formEncoded = 'values are encoded as forms are; they are encoded as encodeURIComponent does'
const wrongKey = 'the secret is signed as private_key, and as nothing else'
const repeated = 'of a repeated parameter the first value counts'
const bare = 'the bare secret is put before or behind the text; it is signed as private_key'

const values: readonly Mistake[] = [
  inLegacy(
    signedDecoded,
    write(({ name, raw }) => `${name}=${raw}`),
  ),
  ...everyEncoding.map((encoding) => inLegacy(signedDecoded, encode(encoding))),
  inHmac('values are signed decoded; they are signed url-encoded', write(plain)),
  ...formEncodings.map((encoding) => inHmac(formEncoded, encode(encoding))),
  ...strictEncodings.map((encoding) =>
    inHmac("!'()* are escaped; encodeURIComponent leaves them", encode(encoding)),
  ),
  ...lowerCaseEncodings.map((encoding) =>
    inHmac('escapes are in lower case; they are in upper case', encode(encoding)),
  ),
  inBoth('empty values are left out; they are signed too', ({ pairs }) => ({
    pairs: pairs.filter(({ value }) => value !== ''),
  })),
  inLegacy('pairs are not trimmed; each name=value is trimmed as a whole', write(plain)),
  inLegacy(
    'each value is trimmed; each name=value is, as a whole',
    write(({ name, value }) => trimAscii(`${name}=${trimAscii(value)}`)),
  ),
  inLegacy(
    'wide spaces are trimmed; only characters up to U+0020 are',
    write((pair) => plain(pair).trim()),
  ),
  inHmac(
    'values are trimmed; they are signed as they are',
    decode(({ value }) => value.trim()),
  ),
  inBoth(
    'a + in the URL is signed as +; there it means a space, %2B is a +',
    decode(({ raw }) => decodeValue(raw.replaceAll('+', '%2B'))),
  ),
  inBoth(
    'values are url-encoded twice when they are sent; once is enough',
    decode(({ value }) => decodeValue(value)),
  ),
  inLegacy('the text is not in UTF-8', (recipe, sent) => ({
    ...decode(({ raw }) => decodeToBytes(raw))(recipe, sent),
    digest: (text) =>
      hash(
        'md5',
        Uint8Array.from(text, (character) => character.charCodeAt(0)),
        'hex',
      ),
  })),
  inBoth(`the last value of a repeated parameter is signed; ${repeated}`, ({ pairs }, sent) => ({
    pairs: pairs.map((pair) => sent.findLast(({ name }) => name === pair.name) ?? pair),
  })),
  inBoth(`all values of a repeated parameter are signed; ${repeated}`, ({ pairs }, sent) => ({
    pairs: sent.filter(({ name }) => pairs.some((pair) => pair.name === name)),
  })),
]

const orders: readonly Mistake[] = [
  sorted('parameters are sorted without regard to case', ({ name: left }, { name: right }) =>
    compareTexts(left.toLowerCase(), right.toLowerCase()),
  ),
  sorted('parameters are sorted by whole pairs', (left, right) => compareTexts(plain(left), plain(right))),
  sorted("parameters are sorted by a language's rules", (left, right) => left.name.localeCompare(right.name)),
  sorted('parameters are sorted by code points, as the bytes of UTF-8 are', (left, right) =>
    compareBytes(new TextEncoder().encode(left.name), new TextEncoder().encode(right.name)),
  ),
  sorted('names of digits are sorted as numbers', ({ name: left }, { name: right }) =>
    /^\d+$/.test(left) && /^\d+$/.test(right) ? Number(left) - Number(right) : compareTexts(left, right),
  ),
  sorted('parameters are signed in the order sent', () => 0),
  inBoth('parameters are joined without &', () => ({ joint: '' })),
]

const secrets: readonly Mistake[] = [
  inLegacy('private_key is left out; it is signed too', keys({ keys: [] })),
  inLegacy('private_key stands at the end; it is sorted in', keys({ keyPlace: 'last' })),
  inLegacy('private_key stands at the beginning; it is sorted in', keys({ keyPlace: 'first' })),
  inLegacy('private_key is there twice; it is signed once', keys({ keys: ['private_key', 'private_key'] })),
  inLegacy(`the secret is signed as client_secret; ${wrongKey}`, keys({ keys: ['client_secret'] })),
  inLegacy(
    `the secret is signed as client_secret and private_key; ${wrongKey}`,
    keys({ keys: ['client_secret', 'private_key'] }),
  ),
  inLegacy(`the secret is signed as key, at the end; ${wrongKey}`, () => ({
    keys: ['key'],
    keyPlace: 'last',
  })),
  inHmac('private_key is signed; the secret is the key of the HMAC only', keys({ keys: ['private_key'] })),
  inBoth('client_secret is signed, empty; it is not to be', ({ pairs }) => ({
    pairs: [...pairs, { name: 'client_secret', value: '', raw: '' }],
  })),
  inLegacy(bare, ({ digest }) => ({ keys: [], digest: (text, secret) => digest(text + secret, secret) })),
  inLegacy(bare, ({ digest }) => ({ keys: [], digest: (text, secret) => digest(secret + text, secret) })),
  inLegacy('the private_key that is sent is signed; it is the secret that counts', ({ secret }, sent) => ({
    secret: sent.find(({ name }) => name === 'private_key')?.value ?? secret,
  })),
  inBoth('the secret is in upper case', ({ secret }) => ({ secret: secret.toUpperCase() })),
  inBoth('the secret is in lower case', ({ secret }) => ({ secret: secret.toLowerCase() })),
  inBoth('the secret has a line end', ({ secret }) => ({ secret: `${secret}\n` })),
]

const digests: readonly Mistake[] = [
  inLegacy('the MD5 is 16 digits long; it is 32', ({ digest }) => ({
    digest: (text, secret) => digest(text, secret).slice(8, 24),
  })),
  inLegacy(
    'the signature is one of scheme hmac-sha256; the application is registered for legacy',
    ({ secret }, sent) => hmacRecipe(sent, secret),
  ),
  inHmac(
    'the signature is one of scheme legacy, MD5; the application is registered for hmac-sha256',
    ({ secret }, sent) => legacyRecipe(sent, secret),
  ),
  inHmac('the signature is Base64; it is hexadecimal', () => ({
    digest: (text, secret) => sha256(secret, text).digest('base64'),
  })),
  inHmac('the secret is decoded from hexadecimal; its text is the key', () => ({
    digest: (text, secret) => sha256(fromHex(secret), text).digest('hex'),
  })),
]

const standing: readonly Mistake[] = [...values, ...orders, ...secrets, ...digests]

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const at = left.findIndex((byte, at) => byte !== right[at])
  return at < 0 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? 0)
}

/** The bytes up to what is none, as most libraries decode. */
function fromHex(text: string): Uint8Array {
  const digits = /^(?:[0-9a-f]{2})*/i.exec(text)?.[0] ?? ''
  return Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
}
