import { GatewayError, isError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { sendMailCode } from '../../../rules/codes/mail.js'
import { sendOrRefuse } from '../../../rules/codes/refused-sends.js'

export default defineMethod('front.sys.captcha.email', {
  auth: 'none',
  async handle(call, services) {
    try {
      await sendOrRefuse(() => sendMailCode(services, call.params, call))
    } catch (error) {
      if (isError(error, 'EMAIL_FORM')) throw new GatewayError('SEND_EMAIL_FORM')
      throw isError(error, 'SEND_FAILED') ? new GatewayError('MAIL_FAILED', { cause: error.cause }) : error
    }
  },
})
