import { timingSafeEqual } from 'node:crypto'
import { computeHash } from './hash-threads.js'
import type { SlowHash } from './slow-hash.js'

const digestSizes = { sha1: 20, sha256: 32, sha512: 64 } as const
type DigestName = keyof typeof digestSizes

interface Derived {
  readonly digest: string
  readonly iterations: number
  readonly salt: Buffer
  readonly key: Buffer
}

const utf8 = (text: string) => Buffer.from(text)
const base64 = (text: string) => Buffer.from(text, 'base64')
/** passlib writes a dot for a plus. */
const adapted = (text: string) => base64(text.replaceAll('.', '+'))

/** How frameworks write PBKDF2: the digest, the iterations, the salt and the key in this order. */
const writings: readonly {
  readonly form: RegExp
  readonly salt: (text: string) => Buffer
  readonly key: (text: string) => Buffer
}[] = [
  // Django
  { form: /^pbkdf2_(sha\d+)\$(\d+)\$([^$]+)\$([A-Za-z0-9+/]+=*)$/, salt: utf8, key: base64 },
  // passlib
  { form: /^\$pbkdf2-(sha\d+)\$(\d+)\$([A-Za-z0-9./]*)\$([A-Za-z0-9./]+)$/, salt: adapted, key: adapted },
  // Werkzeug
  {
    form: /^pbkdf2:(sha\d+):(\d+)\$([^$]+)\$((?:[0-9a-f]{2})+)$/,
    salt: utf8,
    key: (text) => Buffer.from(text, 'hex'),
  },
  // PasswordHash.php, which takes the salt's text
  { form: /^(sha\d+):(\d+):([A-Za-z0-9+/]+=*):([A-Za-z0-9+/]+=*)$/, salt: utf8, key: base64 },
]

/** PBKDF2 as Django, passlib, Werkzeug and PasswordHash.php write it. */
export function readPbkdf2(stored: string): SlowHash | undefined {
  const read = readWriting(stored)
  if (!read || !Object.hasOwn(digestSizes, read.digest) || read.iterations < 1) return undefined
  const { digest, iterations, salt, key } = read
  const size = digestSizes[digest as DigestName]
  const blocks = Math.ceil(key.length / size)
  if (key.length < 16 || blocks > 4) return undefined
  return {
    form: `pbkdf2-${digest}`,
    family: `pbkdf2-${digest}`,
    work: iterations * blocks,
    async verify(password) {
      const own = await computeHash('pbkdf2', password, salt, iterations, key.length, digest)
      return timingSafeEqual(own, key)
    },
    async burn(work) {
      await computeHash('pbkdf2', '', salt, work, size, digest)
    },
  }
}

function readWriting(stored: string): Derived | undefined {
  for (const { form, salt, key } of writings) {
    const [, digest, iterations, saltText = '', keyText] = form.exec(stored) ?? []
    if (digest !== undefined && keyText !== undefined)
      return { digest, iterations: Number(iterations), salt: salt(saltText), key: key(keyText) }
  }
  return undefined
}
