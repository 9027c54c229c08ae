import { userExists } from '../../../db/users.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../gateway/contract/method.js'
import { checkNewPassword, passwordRuleOf } from '../../rules/accounts/passwords/rules.js'
import { setPassword } from '../../rules/accounts/passwords/changes.js'
import { serviceAnswer } from '../../rules/service-answer.js'

export default defineMethod('web.passport.changePwd', {
  auth: 'app',
  trust: 'server',
  limit: { by: 'app', points: 1000, seconds: 2 },
  async handle({ params, app }, services) {
    await checkNewPassword(services, params.newPassword, passwordRuleOf(app))
    // Before the hash, which costs a hundred times as much.
    if (!(await userExists(services.db, params.uid))) throw new GatewayError('USER_NOT_EXISTS')
    await setPassword(services, { userId: params.uid, password: params.newPassword })
    return serviceAnswer
  },
})
