import { findCredentials } from '../../../../db/credentials.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'
import { startTotp } from '../../../rules/console/totp.js'

export default defineMethod('manage.console.account.startTotp', {
  auth: 'console',
  ownAccount: 'enrolling',
  reproof: true,
  async handle(call, services) {
    const { userId } = call.session
    const user = await findCredentials(services.db, userId)
    if (!user) throw new GatewayError('LOGIN_REQUIRED')
    const made = await startTotp(services, userId, user.user_account)
    await audit(services, call, { targetId: userId })
    return made
  },
})
