import { createHmac, hash } from 'node:crypto'
import type { RawParameters } from './query-string.js'

/** Parameters that the legacy scheme does not sign (passport.md §3). */
export const unsignedNames: ReadonlySet<string> = new Set(['client_secret', 'q', 'debug_data', '/api'])

/**
 * The text whose MD5 is the legacy signature: every parameter but the unsigned ones, empty values included, plus
 * `private_key`; sorted by UTF-16 code units; each `name=value` trimmed as a whole; joined by `&`.
 */
export function legacySignedText(params: RawParameters, privateKey: string): string {
  const names: string[] = []
  for (const name in params) if (!unsignedNames.has(name) && name !== 'private_key') names.push(name)
  names.push('private_key')
  names.sort()
  let text = ''
  for (const name of names) {
    const value = name === 'private_key' ? privateKey : (params[name] ?? '')
    // The pair ends with the value or, where that is all blanks, with the `=`.
    text += `${text === '' ? '' : '&'}${trimAsciiStart(name)}=${trimAsciiEnd(value)}`
  }
  return text
}

/** The legacy signature, `client_secret`: lower-case hex MD5 over UTF-8. */
export function signLegacy(params: RawParameters, privateKey: string): string {
  return hash('md5', legacySignedText(params, privateKey), 'hex')
}

/** Whether two hex signatures are the same, without regard to case, in constant time. */
export function signaturesEqual(expected: string, given: string): boolean {
  if (given.length !== expected.length) return false
  const lower = given.toLowerCase()
  // As timingSafeEqual does, without the two buffers it wants: no early end, whichever character differs.
  let difference = 0
  for (let at = 0; at < expected.length; at++) difference |= expected.charCodeAt(at) ^ lower.charCodeAt(at)
  return difference === 0
}

/** Strips characters up to U+0020 at both ends and nothing else: U+3000 and U+00A0 stay. */
export function trimAscii(text: string): string {
  return trimAsciiEnd(trimAsciiStart(text))
}

function trimAsciiStart(text: string): string {
  let start = 0
  while (start < text.length && text.charCodeAt(start) <= 32) start++
  return start === 0 ? text : text.slice(start)
}

function trimAsciiEnd(text: string): string {
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) <= 32) end--
  return end === text.length ? text : text.slice(0, end)
}

/** The text signed by scheme hmac-sha256: sorted `encodeURIComponent(name)=encodeURIComponent(value)`, joined. */
export function hmacSignedText(params: RawParameters): string {
  return Object.keys(params)
    .filter((name) => name !== 'client_secret')
    .sort()
    .map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(params[name] ?? '')}`)
    .join('&')
}

/** The hmac-sha256 signature: lower-case hex HMAC-SHA256 of `hmacSignedText`. */
export function signHmac(params: RawParameters, secret: string): string {
  return createHmac('sha256', secret).update(hmacSignedText(params)).digest('hex')
}
