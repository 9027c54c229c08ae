import { defineMethod } from '../../../gateway/contract/method.js'
import { takeCode } from '../../rules/codes/codes.js'
import { rememberCheck } from '../../rules/contacts/mobile-verification.js'
import { parseMobile } from '../../rules/contacts/mobiles.js'
import { smsAddress } from '../../rules/codes/sms.js'

export default defineMethod('web.passport.checkcode', {
  auth: 'app',
  trust: 'anybody',
  success: '校验成功',
  async handle(call, services) {
    const { params } = call
    const mobile = parseMobile(params.mobile, params.area)
    await takeCode(services, { address: smsAddress(mobile), code: params.code }, call)
    // For changeVerifyMobile, where PASSPORT_MOBILE_CHANGE asks for a proof.
    await rememberCheck(services, call, mobile, 'proved')
  },
})
