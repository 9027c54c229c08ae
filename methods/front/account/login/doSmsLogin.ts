import { GatewayError, isError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { readMobile } from '../../../rules/contacts/account-mobiles.js'
import { takeChannelCode } from '../../../rules/codes/channels.js'
import { signInByMobile } from '../../../rules/accounts/registrations.js'
import { smsAddress } from '../../../rules/codes/sms.js'

export default defineMethod('front.account.login.doSmsLogin', {
  auth: 'none',
  limit: { by: 'ip', points: 120, seconds: 60 },
  async handle(call, services) {
    const { verifyKey = '', userAccount = '', verifyCode = '' } = call.params
    const mobile = readMobile(verifyKey || userAccount)
    if (!mobile) throw new GatewayError('MOBILE_WRONG')
    const attempt = { address: smsAddress(mobile), code: verifyCode, purpose: 'login' } as const
    await takeChannelCode(services, attempt, call)
    try {
      return await signInByMobile(services, mobile, call)
    } catch (error) {
      throw isError(error, 'REGISTRATION_OFF') ? new GatewayError('NO_USER_TO_SIGN_IN') : error
    }
  },
})
