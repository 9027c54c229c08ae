import { createDecipheriv } from 'node:crypto'
import { type Fields, parseObject } from './fields.js'

interface EncryptedUserData {
  /** Of `jscode2session`, base64. */
  readonly sessionKey: string
  /** What the mini program was given, base64. */
  readonly encryptedData: string
  readonly iv: string
}

const keyBytes = 16

/**
 * What a mini program may know of its user (AES-128-CBC under the session key): nickName, avatarUrl and the like.
 * Undefined for what can't be read, always the same: other keys, cut texts. Nothing here proves who somebody is: CBC lets
 * who sends it rewrite the first block by the IV and cut blocks off, without the key.
 */
export function decryptUserData(data: EncryptedUserData): Fields | undefined {
  return parseObject(decrypt(data) ?? '')
}

/** Whether the watermark of what was decrypted names this mini program. */
export function isForProgram(data: Fields, appId: string): boolean {
  const { watermark } = data
  return typeof watermark === 'object' && watermark !== null && Reflect.get(watermark, 'appid') === appId
}

function decrypt({ sessionKey, encryptedData, iv }: EncryptedUserData): string | undefined {
  const [key, start, bytes] = [sessionKey, iv, encryptedData].map((text) => Buffer.from(text, 'base64'))
  if (key?.length !== keyBytes || start?.length !== keyBytes || !bytes?.length) return undefined
  const decipher = createDecipheriv('aes-128-cbc', key, start)
  try {
    return Buffer.concat([decipher.update(bytes), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}
