import { GatewayError, isError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { readMobile } from '../../../rules/contacts/account-mobiles.js'
import { sendOrRefuse } from '../../../rules/codes/refused-sends.js'
import { sendSmsCode } from '../../../rules/codes/sms.js'

export default defineMethod('front.sys.captcha.mobile', {
  auth: 'none',
  async handle(call, services) {
    const { purpose } = call.params
    const mobile = readMobile(call.params.mobile)
    if (!mobile) throw new GatewayError('SEND_MOBILE_FORM')
    try {
      await sendOrRefuse(() => sendSmsCode(services, { mobile, purpose }, call))
    } catch (error) {
      throw isError(error, 'MOBILE_FORM') ? new GatewayError('SEND_MOBILE_FORM') : error
    }
  },
})
