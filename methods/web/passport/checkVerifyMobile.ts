import { defineMethod } from '../../../gateway/contract/method.js'
import { rememberCheck, requireFreeMobile } from '../../rules/contacts/mobile-verification.js'
import { parseMobile } from '../../rules/contacts/mobiles.js'

export default defineMethod('web.passport.checkVerifyMobile', {
  auth: 'app',
  trust: 'session',
  async handle(call, services) {
    const { params } = call
    const mobile = parseMobile(params.mobile, params.area)
    await requireFreeMobile(services, mobile, params.uid)
    await rememberCheck(services, call, mobile, 'checked')
  },
})
