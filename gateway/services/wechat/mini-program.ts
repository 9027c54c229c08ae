import type { WechatAccount } from '../../../config/config.js'
import { openidOf, unionidOf } from './answer-fields.js'
import { textOf } from './fields.js'
import { callWithToken, createAccessToken } from './application-token.js'
import type { TokenParts } from './shared-token.js'
import type { MiniPhone, MiniProgram } from './wechat.js'
import { type WechatAnswer, type WechatClient, wechatFailure } from './client.js'

export function createMiniProgram(
  account: WechatAccount,
  client: WechatClient,
  parts: TokenParts,
): MiniProgram {
  const { appId, secret } = account
  const token = createAccessToken(client, account, parts)
  return {
    appId,
    async openSession(code) {
      const session = await client.call({
        path: '/sns/jscode2session',
        query: { appid: appId, secret, js_code: code, grant_type: 'authorization_code' },
        spendsCode: true,
      })
      return {
        openid: openidOf('mini', session),
        sessionKey: textOf(session, 'session_key'),
        ...unionidOf('mini', session),
      }
    },
    async readPhone(code) {
      const call = { path: '/wxa/business/getuserphonenumber', query: {}, body: { code }, spendsCode: true }
      return readPhone(await callWithToken(client, token, call), appId)
    },
    accessToken: ({ fresh = false } = {}) => (fresh ? token.renew() : token.read()),
  }
}

function readPhone(answer: WechatAnswer, appId: string): MiniPhone {
  const phone = objectIn(answer, 'phone_info')
  const stamp = objectIn(phone, 'watermark')
  const area = String(phone['countryCode'])
  const number = String(phone['purePhoneNumber'])
  if (stamp['appid'] !== appId) throw wechatFailure('mini', 'a number for another application')
  if (!/^\d{1,4}$/.test(area) || !/^\d{4,15}$/.test(number)) throw wechatFailure('mini', 'no phone number')
  return { area, number }
}

function objectIn(answer: WechatAnswer, name: string): WechatAnswer {
  const value = answer[name]
  if (typeof value === 'object' && value !== null) return { ...value }
  throw wechatFailure('mini', `an answer without ${name}`)
}
