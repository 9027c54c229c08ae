import { defineMethod } from '../../../../gateway/method.js'
import { recordAudit } from '../../../rules/audit.js'

const action = 'front.account.login.logout'

export default defineMethod(action, {
  auth: 'optional',
  async handle({ session, ip }, services) {
    if (session) {
      const { userId, tokenId } = session
      await services.sessions.end(services.db, tokenId)
      const audit = { action, outcome: 'ok', actorId: userId, targetId: userId, ip }
      await recordAudit(services.db, services, audit)
    }
    return { token: '' }
  },
})
