import { defineMethod } from '../../../gateway/contract/method.js'
import { requireEmail } from '../../rules/contacts/emails.js'
import { queueMailInSecret } from '../../rules/mail/unknown-addresses.js'

export default defineMethod('app.register.backpwdByEmail', {
  auth: 'app',
  trust: 'anybody',
  success: '发送成功！',
  async handle(call, services) {
    const email = requireEmail(call.params.email)
    const mail = { template: 'recovery-mail', purpose: 'recovery', payload: { email }, email } as const
    await queueMailInSecret(services, mail, call)
  },
})
