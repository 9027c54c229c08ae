import { findCredentials } from '../../../../db/credentials.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeNewPasskey } from '../../../rules/console/passkeys.js'

export default defineMethod('manage.console.account.startPasskey', {
  auth: 'console',
  ownAccount: 'enrolling',
  reproof: true,
  async handle({ session: { userId, tokenId: sessionId }, console: { origin } }, services) {
    const user = await findCredentials(services.db, userId)
    if (!user) throw new GatewayError('LOGIN_REQUIRED')
    const options = await describeNewPasskey(services, { userId, sessionId, origin }, user.user_account)
    return { options }
  },
})
