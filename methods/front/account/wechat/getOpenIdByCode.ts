import { defineMethod } from '../../../../gateway/contract/method.js'
import { miniOf } from '../../../../gateway/services/wechat/ways.js'
import type { Wechat } from '../../../../gateway/services/wechat/wechat.js'
import { WechatRefusal } from '../../../../gateway/services/wechat/client.js'

export default defineMethod('front.account.wechat.getOpenIdByCode', {
  auth: 'optional',
  limit: { by: 'ip', points: 120, seconds: 60 },
  async handle({ params }, { wechat }) {
    return { openid: await readOpenid(wechat, params.code) }
  },
})

/** WeChat's "invalid code": also of a code that is another application's. */
const unknownCode = 40029

async function readOpenid(wechat: Wechat, code: string): Promise<string> {
  const { official, mini } = wechat
  if (official && !mini) return official.readOpenid(code)
  try {
    const { openid } = await miniOf(wechat).openSession(code)
    return openid
  } catch (error) {
    if (official && error instanceof WechatRefusal && error.errcode === unknownCode)
      return official.readOpenid(code)
    throw error
  }
}
