import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { readMobile } from '../../../rules/contacts/account-mobiles.js'
import { sendOpenly } from '../../../rules/codes/refused-sends.js'
import { sendSmsCode } from '../../../rules/codes/sms.js'

export default defineMethod('front.sys.captcha.mobile', {
  auth: 'none',
  async handle({ params, app, ip }, services) {
    const mobile = readMobile(params.mobile)
    if (!mobile) throw new GatewayError('MOBILE_WRONG')
    await sendOpenly(() => sendSmsCode(services, mobile, { ip, app, purpose: params.purpose }))
  },
})
