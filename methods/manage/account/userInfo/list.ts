import { type ManagedUserRow, searchedUserList } from '../../../../db/managed-users.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { loadTags, readTagIds } from '../../../rules/administration/tags.js'
import { describeListedUser } from '../../../rules/administration/user-details.js'
import { answerList } from '../../../rules/lists/lists.js'
import { ownedContacts } from '../../../rules/profiles/managed-users.js'

export default defineMethod('manage.account.userInfo.list', {
  auth: 'permission',
  async handle(call, services) {
    const { tag_ids: tagIds = '', ...params } = call.params
    const tags = await loadTags(services)
    const list = {
      definition: searchedUserList(readTagIds(tagIds)),
      describe: (row: ManagedUserRow) => describeListedUser(row, tags, services.config),
    }
    return answerList(services, list, { ...call, params: { ...params, ...ownedContacts(params) } })
  },
})
