import { createDecipheriv } from 'node:crypto'
import { type Fields, parseObject } from './fields.js'

interface EncryptedUserData {
  /** Of `jscode2session`, base64. */
  readonly sessionKey: string
  /** What the mini program was given, base64. */
  readonly encryptedData: string
  readonly iv: string
  /** The mini program whose data it must be. */
  readonly appId: string
}

const keyBytes = 16

/**
 * What a mini program may know of its user (AES-128-CBC under the session key): nickName, avatarUrl and the like.
 * Undefined for anything wrong, always the same: other keys, cut texts, the data of another app. Nothing here proves who
 * somebody is: CBC lets who sends it rewrite the first block by the IV and cut blocks off, without the key.
 */
export function decryptUserData(data: EncryptedUserData): Fields | undefined {
  const fields = parseObject(decrypt(data) ?? '')
  const watermark = fields?.['watermark']
  if (typeof watermark !== 'object' || watermark === null) return undefined
  return Reflect.get(watermark, 'appid') === data.appId ? fields : undefined
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
