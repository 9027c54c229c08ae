import { randomBytes } from 'node:crypto'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { signPage, withoutFragment } from '../../../../gateway/services/wechat/jsapi-signature.js'
import { officialOf } from '../../../../gateway/services/wechat/ways.js'

export default defineMethod('front.account.wechat.wxConfig', {
  auth: 'none',
  limit: { by: 'ip', points: 120, seconds: 60 },
  async handle({ params }, { wechat, clock }) {
    const official = officialOf(wechat)
    const page = {
      url: withoutFragment(params.href),
      nonce: randomBytes(8).toString('hex'),
      timestamp: String(Math.floor(clock.now() / 1000)),
    }
    const signature = signPage({ ...page, ticket: await official.jsapiTicket() })
    const { url, nonce: nonceStr, timestamp } = page
    return { url, appId: official.appId, nonceStr, timestamp, signature }
  },
})
