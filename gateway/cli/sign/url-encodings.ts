import { parseQueryString } from '../../wire/query-string.js'

/** A way to write text in a URL. */
export type UrlEncoding = (text: string) => string

/** Strict RFC 3986, as PHP's rawurlencode: what encodeURIComponent leaves is escaped too. */
const encodeMarks: UrlEncoding = (text) =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** As forms are written, by URLSearchParams and Java's URLEncoder; PHP's urlencode escapes the asterisk too. */
const encodeForm: UrlEncoding = (text) => new URLSearchParams([['', text]]).toString().slice(1)
const encodePhpForm: UrlEncoding = (text) => encodeForm(text).replaceAll('*', '%2A')

const inLowerCase =
  (encode: UrlEncoding): UrlEncoding =>
  (text) =>
    encode(text).replaceAll(/%../g, (escape) => escape.toLowerCase())

/** What clients use besides encodeURIComponent. */
export const strictEncodings = [encodeMarks]
export const formEncodings = [encodeForm, encodePhpForm]
/** Escapes in lower case, as .NET's UrlEncode writes them. */
export const lowerCaseEncodings = [encodeURIComponent, encodeMarks, encodeForm, encodePhpForm].map(
  inLowerCase,
)

/** A value decoded as the gateway does it. */
export function decodeValue(text: string): string {
  return parseQueryString(`=${text.replaceAll('&', '%26')}`)[''] ?? ''
}

/** A value's bytes, a character for each. */
export function decodeToBytes(text: string): string {
  return Array.from(new TextEncoder().encode(text.replaceAll('+', ' ')), (byte) => String.fromCharCode(byte))
    .join('')
    .replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
