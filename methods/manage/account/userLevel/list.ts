import { searchedUserLevelList } from '../../../../db/user-levels.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { answerList } from '../../../rules/lists/lists.js'
import { describeLevel } from '../../../rules/profiles/levels.js'

export default defineMethod('manage.account.userLevel.list', {
  auth: 'user',
  handle: (call, services) =>
    answerList(services, { definition: searchedUserLevelList, describe: describeLevel }, call),
})
