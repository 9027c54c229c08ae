import { transaction } from '../../../../db/transaction.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { recordAudit } from '../../../rules/audit.js'

const action = 'front.account.userSession.remove'

export default defineMethod(action, {
  auth: 'user',
  async handle({ params, session, ip }, services) {
    const { db, sessions } = services
    const { userId, tokenId } = session
    const audit = { action, outcome: 'ok', actorId: userId, targetId: userId, ip }
    if (params.others === true) {
      await transaction(db, async (db) => {
        await sessions.endAll(db, userId, { except: tokenId })
        await recordAudit(db, services, { ...audit, detail: 'all others' })
      })
      sessions.forget(userId)
      return
    }
    const ended = params.session_id ?? ''
    await transaction(db, async (db) => {
      if (!(await sessions.endOwn(db, userId, ended))) throw new GatewayError('OPERATION_FAILED')
      await recordAudit(db, services, { ...audit, detail: 'one' })
    })
    sessions.forgetToken(ended)
  },
})
