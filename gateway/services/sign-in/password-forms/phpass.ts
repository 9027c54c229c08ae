import { timingSafeEqual } from 'node:crypto'
import { computeHash } from './hash-threads.js'
import type { SlowHash } from './slow-hash.js'

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const form = /^\$[PH]\$([./0-9A-Za-z])([./0-9A-Za-z]{8})([./0-9A-Za-z]{22})$/

/** Portable hashes of phpass: WordPress before 6.8 (`$P$`), phpBB 3 (`$H$`) and others. */
export function readPhpass(stored: string): SlowHash | undefined {
  const [, count = '', salt, key] = form.exec(stored) ?? []
  const power = alphabet.indexOf(count)
  if (salt === undefined || key === undefined || power < 7 || power > 30) return undefined
  const rounds = 2 ** power
  return {
    form: 'phpass',
    family: 'phpass',
    work: rounds,
    async verify(password) {
      const digest = await computeHash('phpass', salt, password, rounds)
      return timingSafeEqual(Buffer.from(encode(digest)), Buffer.from(key))
    },
    async burn(work) {
      await computeHash('phpass', '', '', work)
    },
  }
}

/** phpass's own base 64: three bytes to four characters, the lowest bits first. */
function encode(digest: Uint8Array): string {
  let text = ''
  for (let at = 0; at < digest.length; at += 3) {
    const [low = 0, middle, high] = digest.subarray(at, at + 3)
    const bits = low | ((middle ?? 0) << 8) | ((high ?? 0) << 16)
    const characters = middle === undefined ? 2 : high === undefined ? 3 : 4
    for (let part = 0; part < characters; part++) text += alphabet[(bits >> (6 * part)) & 63]
  }
  return text
}
