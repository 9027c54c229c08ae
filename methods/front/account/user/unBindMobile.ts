import { defineMethod } from '../../../../gateway/contract/method.js'
import { unbindMobile } from '../../../rules/accounts/mobile-bindings.js'

const action = 'front.account.user.unBindMobile'

export default defineMethod(action, {
  auth: 'user',
  handle: ({ params, session, ip, app }, services) =>
    unbindMobile(services, { session, ip, app, action }, params),
})
