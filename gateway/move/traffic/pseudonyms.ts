import { createHmac } from 'node:crypto'

/** Gives a value another one of the same form: equal ones for equal values, under one key. */
export type Pseudonym = (value: string) => string

/** Values that come again and again are remembered, up to this many. */
const mostRemembered = 20_000

/**
 * Pseudonyms under a key: a mobile number stays one, with its prefix; an e-mail address stays one, of a domain that
 * does not exist (RFC 2606); an IPv4 address is one of 10.0.0.0/8; of anything else each digit, letter and Chinese
 * character becomes another, and what stands between them stays. Without the key nobody finds the value again.
 */
export function createPseudonyms(key: Buffer): Pseudonym {
  const remembered = new Map<string, string>()
  return (value) => {
    const known = remembered.get(value)
    if (known !== undefined) return known
    const made = pseudonymOf(key, value)
    if (remembered.size >= mostRemembered) remembered.clear()
    remembered.set(value, made)
    return made
  }
}

function pseudonymOf(key: Buffer, value: string): string {
  const [, prefix = '', national] = /^((?:[+ ]?86-?)?)(1[3-9]\d{9})$/.exec(value) ?? []
  if (national !== undefined) return `${prefix}${mobileOf(key, national)}`
  const [, mailbox] = /^([^@\s]+)@[^@\s]+\.[^@\s]+$/.exec(value) ?? []
  if (mailbox !== undefined)
    return `${replaceCharacters(mailbox, bytesOf(key, value, mailbox.length))}@${domainOf(key, value)}`
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(value)) return `10.${[...bytesOf(key, value, 3)].join('.')}`
  return replaceCharacters(value, bytesOf(key, value, value.length))
}

function mobileOf(key: Buffer, national: string): string {
  const [second = 0, ...rest] = bytesOf(key, national, 10)
  return `1${3 + (second % 7)}${rest.map((byte) => byte % 10).join('')}`
}

function domainOf(key: Buffer, value: string): string {
  const host = value.slice(value.indexOf('@') + 1)
  return `${bytesOf(key, host, 4).toString('hex')}.example`
}

/** As many bytes as are wanted, which only the key tells. */
function bytesOf(key: Buffer, value: string, length: number): Buffer {
  const blocks: Buffer[] = []
  for (let block = 0; block * 32 < length; block++)
    blocks.push(createHmac('sha256', key).update(`${block} ${value}`).digest())
  return Buffer.concat(blocks).subarray(0, length)
}

function replaceCharacters(value: string, bytes: Buffer): string {
  const isHex = !/[g-z]/i.test(value)
  const isNumber = /^[1-9]\d*$/.test(value)
  let replaced = ''
  for (let at = 0; at < value.length; at++) {
    const byte = bytes[at] ?? 0
    // A number of several digits does not begin with 0.
    if (at === 0 && isNumber) replaced += String(1 + (byte % 9))
    else replaced += replaceCharacter(value.charCodeAt(at), byte, isHex ? 6 : 26)
  }
  return replaced
}

/** One UTF-16 code unit for another of its kind. */
function replaceCharacter(unit: number, byte: number, letters: number): string {
  if (unit >= 48 && unit <= 57) return String.fromCharCode(48 + (byte % 10))
  if (unit >= 65 && unit <= 90) return String.fromCharCode(65 + (byte % letters))
  if (unit >= 97 && unit <= 122) return String.fromCharCode(97 + (byte % letters))
  // The second half of a character beyond U+FFFF, for another of the same block.
  if (unit >= 0xdc00 && unit <= 0xdfff) return String.fromCharCode(0xdc00 + byte)
  const character = String.fromCharCode(unit)
  return /\p{L}/u.test(character) ? String.fromCharCode(0x4e00 + byte) : character
}
