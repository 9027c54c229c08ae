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
}

const ivBytes = 12
const tagBytes = 16

/** `dataKeys`: newest first. New data uses the newest; what older keys made stays readable. */
export function createVault(dataKeys: readonly string[]): Vault {
  const keysFor = deriveKeys(dataKeys)
  const digestUnder = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest('hex')
  return {
    seal(purpose, text) {
      const iv = randomBytes(ivBytes)
      const cipher: CipherGCM = createCipheriv('aes-256-gcm', keysFor(purpose).newest, iv)
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
    },
    open(purpose, sealed) {
      const bytes = Buffer.from(sealed, 'base64url')
      // Buffer skips what is no base64url: one token must have one spelling, or single use could be evaded.
      if (bytes.length < ivBytes + tagBytes || bytes.toString('base64url') !== sealed) return undefined
      for (const key of keysFor(purpose).all) {
        const text = decrypt(key, bytes)
        if (text !== undefined) return text
      }
      return undefined
    },
    digest: (purpose, text) => digestUnder(keysFor(purpose).newest, text),
    digestMatches(purpose, text, digest) {
      const given = Buffer.from(digest)
      return keysFor(purpose).all.some((key) => {
        const expected = Buffer.from(digestUnder(key, text))
        return expected.length === given.length && timingSafeEqual(expected, given)
      })
    },
  }
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
  const cached = new Map<Purpose, { readonly newest: Buffer; readonly all: readonly Buffer[] }>()
  return (purpose: Purpose) => {
    const known = cached.get(purpose)
    if (known) return known
    const all = dataKeys.map((key) =>
      Buffer.from(hkdfSync('sha256', key, '', `passport-gateway ${purpose}`, 32)),
    )
    const [newest] = all
    if (!newest) throw new Error('no DATA_KEY')
    const keys = { newest, all }
    cached.set(purpose, keys)
    return keys
  }
}
