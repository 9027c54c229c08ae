import { defineMethod } from '../../../../gateway/contract/method.js'
import { miniOf } from '../../../../gateway/services/wechat/ways.js'
import { openMiniUser } from '../../../rules/wechat/mini-users.js'
import { signInByWechat } from '../../../rules/wechat/sign-ins.js'

const action = 'front.account.wechat.jsCode2Session'

export default defineMethod(action, {
  auth: 'none',
  limit: { by: 'ip', points: 120, seconds: 60 },
  async handle({ params, ip, app }, services) {
    const user = await openMiniUser(miniOf(services.wechat), params)
    return signInByWechat(services, user, { ip, app, action })
  },
})
