import { createHmac } from 'node:crypto'
import { hmacRecipe, legacyRecipe, type Recipe } from '../recipe.js'
import { inBoth, inHmac, inLegacy, type Mistake } from './mistake.js'

const keys = (keys: Pick<Recipe, 'keys'> | Pick<Recipe, 'keyPlace'>) => () => keys
const sha256 = (key: string | Uint8Array, text: string) => createHmac('sha256', key).update(text)

const wrongKey = 'the secret is signed as private_key, and as nothing else'
const bare = 'the bare secret is put before or behind the text; it is signed as private_key'

/** Mistakes in how the secret is signed. */
export const secrets: readonly Mistake[] = [
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
  inBoth('the secret is empty, as where the setting that holds it is not read', () => ({ secret: '' })),
  inBoth('the secret has a line end', ({ secret }) => ({ secret: `${secret}\n` })),
]

/** Mistakes in the digest, and in the scheme that it is of. */
export const digests: readonly Mistake[] = [
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

/** The bytes up to what is none, as most libraries decode. */
function fromHex(text: string): Uint8Array {
  const digits = /^(?:[0-9a-f]{2})*/i.exec(text)?.[0] ?? ''
  return Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
}
