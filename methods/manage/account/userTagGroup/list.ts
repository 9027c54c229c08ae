import { tagGroupList } from '../../../../db/user-tags.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeTagGroup } from '../../../rules/administration/tags.js'
import { answerList } from '../../../rules/lists/lists.js'

export default defineMethod('manage.account.userTagGroup.list', {
  auth: 'permission',
  permission: 'manage.account.userTagBase.list',
  handle: (call, services) =>
    answerList(services, { definition: tagGroupList, describe: describeTagGroup }, call),
})
