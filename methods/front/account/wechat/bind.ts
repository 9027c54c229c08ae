import { defineMethod } from '../../../../gateway/contract/method.js'
import { bindWechat, readWechatUser } from '../../../rules/wechat/bindings.js'

export default defineMethod('front.account.wechat.bind', {
  auth: 'user',
  limit: { by: 'user', points: 20, seconds: 60 },
  async handle(call, services) {
    const { way, code } = call.params
    await bindWechat(services, await readWechatUser(services, way, code), call)
  },
})
