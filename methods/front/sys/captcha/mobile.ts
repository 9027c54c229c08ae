import { GatewayError } from '../../../../gateway/errors.js'
import { defineMethod } from '../../../../gateway/method.js'
import { readMobile } from '../../../rules/account-mobiles.js'
import { sendOpenly } from '../../../rules/open-sends.js'
import { sendSmsCode } from '../../../rules/sms-codes.js'

export default defineMethod('front.sys.captcha.mobile', {
  auth: 'none',
  async handle({ params, app, ip }, services) {
    const mobile = readMobile(params.mobile)
    if (!mobile) throw new GatewayError('MOBILE_WRONG')
    await sendOpenly(() => sendSmsCode(services, mobile, { ip, app, purpose: params.purpose }))
  },
})
