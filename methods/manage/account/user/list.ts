import { type ManagedUserRow, managedUserList } from '../../../../db/managed-users.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { answerList } from '../../../rules/lists/lists.js'
import { describeManagedUser, ownedContacts } from '../../../rules/profiles/managed-users.js'

export default defineMethod('manage.account.user.list', {
  auth: 'permission',
  async handle(call, services) {
    const list = {
      definition: managedUserList,
      describe: (row: ManagedUserRow) => describeManagedUser(row, services.config),
    }
    return answerList(services, list, { ...call, params: { ...call.params, ...ownedContacts(call.params) } })
  },
})
