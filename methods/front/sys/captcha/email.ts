import { defineMethod } from '../../../../gateway/contract/method.js'
import { sendMailCode } from '../../../rules/codes/mail.js'
import { sendOrRefuse } from '../../../rules/codes/refused-sends.js'

export default defineMethod('front.sys.captcha.email', {
  auth: 'none',
  async handle(call, services) {
    await sendOrRefuse(() => sendMailCode(services, call.params, call))
  },
})
