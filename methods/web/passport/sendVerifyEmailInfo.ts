import { defineMethod } from '../../../gateway/contract/method.js'
import { requireEmail } from '../../rules/contacts/emails.js'
import { queueMailInSecret } from '../../rules/mail/unknown-addresses.js'
import { checkCallback } from '../../rules/mail/links.js'

export default defineMethod('web.passport.sendVerifyEmailInfo', {
  auth: 'app',
  trust: 'anybody',
  async handle(call, services) {
    const { params } = call
    const email = requireEmail(params.email)
    checkCallback(services, params.callback)
    const payload = { email, callback: params.callback }
    const mail = { template: 'verification-mail', purpose: 'verification', payload, email } as const
    await queueMailInSecret(services, mail, call)
  },
})
