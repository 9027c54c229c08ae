import { defineMethod } from '../../../../gateway/method.js'
import { miniOf } from '../../../../gateway/services/wechat/ways.js'

export default defineMethod('front.account.wechat.getOpenIdByCode', {
  auth: 'optional',
  limit: { by: 'ip', points: 120, seconds: 60 },
  async handle({ params }, { wechat }) {
    const { official, mini } = wechat
    const isOfficialOnly = official !== undefined && mini === undefined
    const { openid } = isOfficialOnly
      ? await official.readProfile(params.code)
      : await miniOf(wechat).openSession(params.code)
    return { openid }
  },
})
