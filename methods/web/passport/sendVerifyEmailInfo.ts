import { defineMethod } from '../../../gateway/contract/method.js'
import { normaliseEmail } from '../../rules/contacts/emails.js'
import { queueMailInSecret } from '../../rules/mail/unknown-addresses.js'
import { checkCallback } from '../../rules/mail/links.js'

export default defineMethod('web.passport.sendVerifyEmailInfo', {
  auth: 'app',
  trust: 'anybody',
  async handle(call, services) {
    const { params } = call
    const email = normaliseEmail(params.email)
    checkCallback(services, params.callback)
    const payload = { email, callback: params.callback }
    await queueMailInSecret(services, { template: 'verification-mail', payload, email }, call)
  },
})
