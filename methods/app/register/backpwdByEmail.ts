import { defineMethod } from '../../../gateway/contract/method.js'
import { normaliseEmail } from '../../rules/contacts/emails.js'
import { queueMailInSecret } from '../../rules/mail/unknown-addresses.js'

export default defineMethod('app.register.backpwdByEmail', {
  auth: 'app',
  trust: 'anybody',
  success: '发送成功！',
  async handle(call, services) {
    const email = normaliseEmail(call.params.email)
    await queueMailInSecret(services, { template: 'recovery-mail', payload: { email }, email }, call)
  },
})
