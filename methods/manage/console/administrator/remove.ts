import { defineMethod } from '../../../../gateway/contract/method.js'
import { removeAdministrator } from '../../../rules/operation/administrators.js'

export default defineMethod('manage.console.administrator.remove', {
  auth: 'console',
  reproof: true,
  async handle(call, services) {
    await removeAdministrator(services, call.params.user, call)
  },
})
