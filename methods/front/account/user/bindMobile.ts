import { defineMethod } from '../../../../gateway/contract/method.js'
import { bindMobile } from '../../../rules/accounts/mobile-bindings.js'

const action = 'front.account.user.bindMobile'

export default defineMethod(action, {
  auth: 'user',
  handle: ({ params, session, ip, app }, services) =>
    bindMobile(services, { session, ip, app, action }, params),
})
