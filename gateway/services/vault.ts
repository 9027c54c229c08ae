import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  type CipherGCM,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/** What a key is for; each purpose has a key of its own, so that one kind of secret never passes as another. */
export type Purpose =
  | 'app-secret'
  | 'mail-token'
  | 'sent-code'
  | 'captcha-answer'
  | 'idcard'
  | 'server-key'
  | 'login-name'
  | 'wechat-token'
  | 'wechat-agreement'
  | 'upload'
  | 'idempotent-call'
  | 'idempotent-answer'
  | 'console-totp'
  | 'console-recovery'

/** Everything that is encrypted or keyed under DATA_KEY. */
export interface Vault {
  /** Authenticated encryption (AES-256-GCM) as base64url; the same text never seals to the same string twice. */
  seal(purpose: Purpose, text: string): string
  /** The sealed text, or undefined when it was forged, cut, or sealed under a key we no longer have. */
  open(purpose: Purpose, sealed: string): string | undefined
  /** Keyed digest (HMAC-SHA256, hex) of a short secret. */
  digest(purpose: Purpose, text: string): string
  /** Whether a digest, made under any of our keys, belongs to the text; in constant time. */
  digestMatches(purpose: Purpose, text: string, digest: string): boolean
  /** The place in the list of the key that a text is sealed under; -1 for none of ours. */
  placeOf(purpose: Purpose, sealed: string): number
  /** The place of the key that new data is sealed under. */
  writing(): number
}

const ivBytes = 12
const tagBytes = 16

/**
 * `dataKeys`: new data uses the first, or that at the place `writing` while other nodes lack the first; what any of them
 * made stays readable.
 */
export function createVault(dataKeys: readonly string[], writing: () => number = () => 0): Vault {
  const keysFor = deriveKeys(dataKeys)
  const keyFor = (purpose: Purpose) => {
    const key = keysFor(purpose)[writing()]
    if (!key) throw new Error('no DATA_KEY')
    return key
  }
  const digestUnder = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest('hex')
  return {
    seal(purpose, text) {
      const iv = randomBytes(ivBytes)
      const cipher: CipherGCM = createCipheriv('aes-256-gcm', keyFor(purpose), iv)
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
    },
    open(purpose, sealed) {
      const bytes = readSealed(sealed)
      if (!bytes) return undefined
      for (const key of keysFor(purpose)) {
        const text = decrypt(key, bytes)
        if (text !== undefined) return text
      }
      return undefined
    },
    placeOf(purpose, sealed) {
      const bytes = readSealed(sealed)
      return bytes ? keysFor(purpose).findIndex((key) => decrypt(key, bytes) !== undefined) : -1
    },
    writing,
    digest: (purpose, text) => digestUnder(keyFor(purpose), text),
    digestMatches(purpose, text, digest) {
      const given = Buffer.from(digest)
      return keysFor(purpose).some((key) => {
        const expected = Buffer.from(digestUnder(key, text))
        return expected.length === given.length && timingSafeEqual(expected, given)
      })
    },
  }
}

/** Buffer skips what is no base64url: one token must have one spelling, or single use could be evaded. */
function readSealed(sealed: string): Buffer | undefined {
  const bytes = Buffer.from(sealed, 'base64url')
  return bytes.length < ivBytes + tagBytes || bytes.toString('base64url') !== sealed ? undefined : bytes
}

function decrypt(key: Buffer, bytes: Buffer): string | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString(
      'utf8',
    )
  } catch {
    return undefined
  }
}

function deriveKeys(dataKeys: readonly string[]) {
  const cached = new Map<Purpose, readonly Buffer[]>()
  return (purpose: Purpose) => {
    const known = cached.get(purpose)
    if (known) return known
    const keys = dataKeys.map((key) =>
      Buffer.from(hkdfSync('sha256', key, '', `passport-gateway ${purpose}`, 32)),
    )
    cached.set(purpose, keys)
    return keys
  }
}
