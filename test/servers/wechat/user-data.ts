import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { wechatApps } from './accounts.js'
import type { WechatPerson } from './people.js'

/** What a mini program is handed of a person by `wx.getUserProfile`, and passes on to its server. */
export interface WechatUserData {
  /** Base64. */
  readonly encryptedData: string
  /** Base64. */
  readonly iv: string
  readonly rawData: string
  readonly signature: string
}

/** Encrypts a person's data under the session key of a login; `changes` go into what is encrypted. */
export function encryptUserData(
  person: WechatPerson,
  sessionKey: string,
  { changes = {}, now = Date.now() }: { readonly changes?: object; readonly now?: number } = {},
): WechatUserData {
  const shown = { nickName: person.nickname, gender: 0, language: 'zh_CN', avatarUrl: person.avatar }
  const rawData = JSON.stringify(shown)
  const whole = {
    openId: person.openid.mini,
    ...shown,
    ...(person.unionid === undefined ? {} : { unionId: person.unionid }),
    watermark: { timestamp: Math.floor(now / 1000), appid: wechatApps.mini.appId },
    ...changes,
  }
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(sessionKey, 'base64'), iv)
  const sealed = Buffer.concat([cipher.update(JSON.stringify(whole), 'utf8'), cipher.final()])
  return {
    encryptedData: sealed.toString('base64'),
    iv: iv.toString('base64'),
    rawData,
    signature: createHash('sha1')
      .update(rawData + sessionKey)
      .digest('hex'),
  }
}
