import { defineMethod } from '../../../../gateway/contract/method.js'
import { unbindWechat } from '../../../rules/wechat/bindings.js'

export default defineMethod('front.account.wechat.unbind', {
  auth: 'user',
  limit: { by: 'user', points: 20, seconds: 60 },
  handle: (call, services) => unbindWechat(services, call.params.way, call),
})
