import { transaction } from '../../../../db/transaction.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'

export default defineMethod('front.account.userSession.remove', {
  auth: 'user',
  async handle(call, services) {
    const { params, session } = call
    const { userId, tokenId } = session
    if (params.others === true) {
      await transaction(services, async (services) => {
        await services.sessions.endAll(services.db, userId, { except: tokenId })
        await audit(services, call, { targetId: userId, detail: 'all others' })
      })
      services.sessions.forget(userId)
      return
    }
    const ended = params.session_id ?? ''
    await transaction(services, async (services) => {
      const { db, sessions } = services
      if (!(await sessions.endOwn(db, userId, ended))) throw new GatewayError('OPERATION_FAILED')
      await audit(services, call, { targetId: userId, detail: 'one' })
    })
    services.sessions.forgetToken(ended)
  },
})
