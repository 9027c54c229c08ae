import { defineMethod } from '../../../../gateway/contract/method.js'
import { editUser } from '../../../rules/administration/user-edits.js'

export default defineMethod('manage.account.userInfo.edit', {
  auth: 'permission',
  reproof: true,
  async handle(call, services) {
    const { user_id: userId, ...fields } = call.params
    await editUser(services, userId, { fields, call })
  },
})
