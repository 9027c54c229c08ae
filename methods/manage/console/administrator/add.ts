import { defineMethod } from '../../../../gateway/contract/method.js'
import { addAdministrator } from '../../../rules/operation/administrators.js'

export default defineMethod('manage.console.administrator.add', {
  auth: 'console',
  reproof: true,
  async handle(call, services) {
    const { user, role } = call.params
    const { uid, isNew } = await addAdministrator(services, { user: user.trim(), role }, call)
    return { user_id: uid, is_new: isNew }
  },
})
