import { createDecipheriv } from 'node:crypto'

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
 * What a mini program may know of its user (AES-128-CBC under the session key): openId, nickName, phoneNumber and the
 * like. Undefined for anything wrong, always the same: other keys, cut texts, the data of another app.
 */
export function decryptUserData(data: EncryptedUserData): Record<string, unknown> | undefined {
  const fields = parseObject(decrypt(data))
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

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '')
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
