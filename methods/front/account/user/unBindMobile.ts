import { defineMethod } from '../../../../gateway/contract/method.js'
import { unbindMobile } from '../../../rules/accounts/mobile-bindings.js'

export default defineMethod('front.account.user.unBindMobile', {
  auth: 'user',
  handle: (call, services) => unbindMobile(services, call.params, call),
})
