import { transaction } from '../../../../db/transaction.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'

export default defineMethod('front.account.login.logout', {
  auth: 'optional',
  async handle(call, services) {
    const { session } = call
    if (session) {
      const { userId, tokenId } = session
      await transaction(services, async (services) => {
        await services.sessions.logOut(services.db, session)
        await audit(services, call, { targetId: userId })
      })
      services.sessions.forgetToken(tokenId)
    }
    return { token: '' }
  },
})
