import { defineMethod } from '../../../../gateway/contract/method.js'
import { sendReset } from '../../../rules/support/resets.js'

export default defineMethod('manage.console.user.sendReset', {
  auth: 'console',
  async handle(call, services) {
    const { user_id: userId, by } = call.params
    await sendReset(services, { userId, by }, call)
  },
})
