import { defineMethod } from '../../../../gateway/contract/method.js'
import { openMiniUser } from '../../../rules/wechat/mini-users.js'
import { signInByWechat } from '../../../rules/wechat/sign-ins.js'

export default defineMethod('front.account.wechat.jsCode2Session', {
  auth: 'none',
  limit: { by: 'ip', points: 120, seconds: 60 },
  async handle(call, services) {
    const user = await openMiniUser(services, call.params)
    return signInByWechat(services, user, call)
  },
})
