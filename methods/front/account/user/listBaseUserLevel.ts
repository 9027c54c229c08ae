import { type UserLevelRow, userLevelList } from '../../../../db/user-levels.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { answerList } from '../../../rules/lists.js'

export default defineMethod('front.account.user.listBaseUserLevel', {
  auth: 'none',
  handle: (call, services) => answerList(services, { definition: userLevelList, describe }, call),
})

function describe(level: UserLevelRow) {
  return {
    ...level,
    user_level_spend: Number(level.user_level_spend),
    user_level_rate: Number(level.user_level_rate),
    user_level_is_buildin: level.user_level_is_buildin === 1,
  }
}
