import { createCipheriv, createDecipheriv, hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** How WeChat's message callback is encrypted in AES mode (安全模式): the EncodingAESKey, decoded, and for whom. */
export interface MessageKey {
  /** 32 bytes; the first half is the IV too, as WeChat has it. */
  readonly aesKey: Buffer
  readonly appId: string
}

const randomLength = 16
const lengthBytes = 4
/** WeChat pads to 32 bytes, not to the cipher's 16. */
const paddedTo = 32

/**
 * WeChat's signature over texts it sends or is sent: SHA-1 (hex) of them sorted and joined. Over token, timestamp and
 * nonce it is `signature`, with the encrypted message too it is `msg_signature`.
 */
export function signMessage(texts: readonly string[]): string {
  return hash('sha1', [...texts].sort().join(''), 'hex')
}

/** Whether a signature is the one over these texts, in constant time. Never with an empty token among them. */
export function isMessageSigned(token: string, texts: readonly string[], signature: string): boolean {
  if (token === '') return false
  const expected = Buffer.from(signMessage([token, ...texts]))
  const given = Buffer.from(signature)
  return expected.length === given.length && timingSafeEqual(expected, given)
}

/** A message as WeChat encrypts it: random(16), length(4), the message, the app id; AES-256-CBC, as base64. */
export function encryptMessage(message: string, { aesKey, appId }: MessageKey): string {
  const text = Buffer.from(message)
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32BE(text.length)
  const plain = Buffer.concat([randomBytes(randomLength), length, text, Buffer.from(appId)])
  const padding = paddedTo - (plain.length % paddedTo)
  const cipher = createCipheriv('aes-256-cbc', aesKey, aesKey.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.alloc(padding, padding)),
    cipher.final(),
  ]).toString('base64')
}

/**
 * The message of what WeChat encrypted, or undefined for anything wrong: other keys, a cut text, another app's message.
 * Check `msg_signature` before, or a stranger learns from the answers what the padding did.
 */
export function decryptMessage(encrypted: string, { aesKey, appId }: MessageKey): string | undefined {
  const bytes = Buffer.from(encrypted, 'base64')
  if (bytes.length === 0 || bytes.length % 16 !== 0) return undefined
  const decipher = createDecipheriv('aes-256-cbc', aesKey, aesKey.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()])
  const padding = padded[padded.length - 1] ?? 0
  const isPadded =
    padding >= 1 && padding <= paddedTo && padding <= padded.length - randomLength - lengthBytes
  if (!isPadded || !padded.subarray(-padding).every((byte) => byte === padding)) return undefined
  const plain = padded.subarray(randomLength, padded.length - padding)
  const end = lengthBytes + plain.readUInt32BE(0)
  if (end > plain.length || plain.subarray(end).toString('utf8') !== appId) return undefined
  return plain.subarray(lengthBytes, end).toString('utf8')
}
