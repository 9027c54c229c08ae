import { defineMethod } from '../../../../gateway/method.js'
import { sendMailCode } from '../../../rules/mail-codes.js'
import { sendOpenly } from '../../../rules/open-sends.js'

export default defineMethod('front.sys.captcha.email', {
  auth: 'none',
  async handle({ params, app, ip }, services) {
    await sendOpenly(() => sendMailCode(services, params.email, { ip, app, purpose: params.purpose }))
  },
})
