import { defineMethod } from '../../../../gateway/contract/method.js'
import { sendMailCode } from '../../../rules/codes/mail.js'
import { sendOpenly } from '../../../rules/codes/refused-sends.js'

export default defineMethod('front.sys.captcha.email', {
  auth: 'none',
  async handle({ params, app, ip }, services) {
    await sendOpenly(() => sendMailCode(services, params.email, { ip, app, purpose: params.purpose }))
  },
})
