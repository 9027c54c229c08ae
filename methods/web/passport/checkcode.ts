import type { InTransaction } from '../../../db/transaction.js'
import { defineMethod } from '../../../gateway/contract/method.js'
import type { Services } from '../../../gateway/services/services.js'
import { takeCode } from '../../rules/codes/attempts.js'
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
    const address = smsAddress(mobile)
    // For changeVerifyMobile, where PASSPORT_MOBILE_CHANGE asks for a proof.
    const whenRight = (services: InTransaction<Services>) => rememberCheck(services, call, mobile, 'proved')
    await takeCode(services, { address, code: params.code, whenRight }, call)
  },
})
