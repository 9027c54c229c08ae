import { type LoginHistoryRow, signInList } from '../../../../db/user-logins.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { answerList } from '../../../rules/lists/lists.js'

export default defineMethod('manage.account.userLoginHistory.list', {
  auth: 'permission',
  handle: (call, services) => answerList(services, { definition: signInList, describe }, call),
})

function describe(row: LoginHistoryRow) {
  return { ...row, user_login_state: row.user_login_state !== 0 }
}
