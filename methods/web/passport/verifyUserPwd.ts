import { findCredentials } from '../../../db/credentials.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../gateway/contract/method.js'
import { renewHash, verifyPassword } from '../../rules/accounts/passwords/passwords.js'
import { serviceAnswer } from '../../rules/service-answer.js'

export default defineMethod('web.passport.verifyUserPwd', {
  auth: 'app',
  trust: 'session',
  limit: { by: 'app', points: 1000, seconds: 2 },
  async handle({ params }, services) {
    const user = await findCredentials(services.db, params.uid)
    if (!user) throw new GatewayError('USER_NOT_EXISTS')
    await verifyPassword(services, user, params.password)
    await renewHash(services, user, params.password)
    return serviceAnswer
  },
})
