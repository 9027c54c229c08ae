import { defineMethod } from '../../../../gateway/contract/method.js'
import { bindWechat, readWechatUser } from '../../../rules/wechat/changes.js'

const action = 'front.account.wechat.bind'

export default defineMethod(action, {
  auth: 'user',
  limit: { by: 'user', points: 20, seconds: 60 },
  async handle({ params, session, ip, app }, services) {
    const user = await readWechatUser(services.wechat, params.way, params.code)
    await bindWechat(services, { session, ip, app, action }, user)
  },
})
