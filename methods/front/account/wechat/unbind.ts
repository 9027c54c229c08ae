import { defineMethod } from '../../../../gateway/contract/method.js'
import { unbindWechat } from '../../../rules/wechat/changes.js'

const action = 'front.account.wechat.unbind'

export default defineMethod(action, {
  auth: 'user',
  limit: { by: 'user', points: 20, seconds: 60 },
  handle: ({ params, session, ip, app }, services) =>
    unbindWechat(services, { session, ip, app, action }, params.way),
})
