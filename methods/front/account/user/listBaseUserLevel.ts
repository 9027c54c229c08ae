import { userLevelList } from '../../../../db/user-levels.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { answerList } from '../../../rules/lists/lists.js'
import { describeLevel } from '../../../rules/profiles/levels.js'

export default defineMethod('front.account.user.listBaseUserLevel', {
  auth: 'none',
  handle: (call, services) =>
    answerList(services, { definition: userLevelList, describe: describeLevel }, call),
})
