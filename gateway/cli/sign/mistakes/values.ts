import { hash } from 'node:crypto'
import { trimAscii } from '../../../wire/signature.js'
import { type Recipe, type SentPair, writeBy } from '../recipe.js'
import {
  decodeToBytes,
  decodeValue,
  formEncodings,
  lowerCaseEncodings,
  strictEncodings,
  type UrlEncoding,
} from '../url-encodings.js'
import { type Change, inBoth, inHmac, inLegacy, type Mistake, plain } from './mistake.js'

const write = (write: Recipe['write']) => () => ({ write })
const encode = (encoding: UrlEncoding) => write(writeBy(encoding))
const decode =
  (valueOf: (pair: SentPair) => string): Change =>
  ({ pairs }) => ({ pairs: pairs.map((pair) => ({ ...pair, value: valueOf(pair) })) })

const everyEncoding = [encodeURIComponent, ...formEncodings, ...strictEncodings, ...lowerCaseEncodings]
const signedDecoded = 'values are signed url-encoded; they are signed decoded'
const formEncoded = 'values are encoded as forms are; they are encoded as encodeURIComponent does'
const repeated = 'of a repeated parameter the first value counts'

/** Mistakes in what is written of the parameters. */
export const values: readonly Mistake[] = [
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
