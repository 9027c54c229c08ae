import { tagList } from '../../../../db/user-tags.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeTag } from '../../../rules/administration/tags.js'
import { answerList } from '../../../rules/lists/lists.js'

export default defineMethod('manage.account.userTagBase.list', {
  auth: 'permission',
  handle: (call, services) => answerList(services, { definition: tagList, describe: describeTag }, call),
})
