import { transaction } from '../../../../db/transaction.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { recordAudit } from '../../../rules/audit.js'

const action = 'front.account.login.logout'

export default defineMethod(action, {
  auth: 'optional',
  async handle({ session, ip }, services) {
    if (session) {
      const { userId, tokenId } = session
      await transaction(services.db, async (db) => {
        await services.sessions.logOut(db, session)
        await recordAudit(db, services, { action, outcome: 'ok', actorId: userId, targetId: userId, ip })
      })
      services.sessions.forgetToken(tokenId)
    }
    return { token: '' }
  },
})
