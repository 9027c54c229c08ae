import { defineMethod } from '../../../../gateway/contract/method.js'
import { bindMobile } from '../../../rules/accounts/mobile-bindings.js'

export default defineMethod('front.account.user.bindMobile', {
  auth: 'user',
  handle: (call, services) => bindMobile(services, call.params, call),
})
