import { defineMethod } from '../../../../gateway/contract/method.js'
import { revokePath } from '../../../rules/operation/roles.js'

export default defineMethod('manage.console.role.revoke', {
  auth: 'console',
  reproof: true,
  async handle(call, services) {
    const { role, pattern } = call.params
    await revokePath(services, { role, pattern }, call)
  },
})
