import { deleteConsoleSessions, deleteOwnConsoleSession } from '../../../../db/console-sessions.js'
import { transaction } from '../../../../db/transaction.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'

export default defineMethod('manage.console.account.endSessions', {
  auth: 'console',
  ownAccount: true,
  handle: (call, services) =>
    transaction(services, async (services) => {
      const { userId, tokenId } = call.session
      const { session_id: one } = call.params
      if (one === undefined) await deleteConsoleSessions(services.db, userId, tokenId)
      else if (!(await deleteOwnConsoleSession(services.db, userId, one)))
        throw new GatewayError('OPERATION_FAILED')
      const detail = one === undefined ? 'all other sessions' : 'one session'
      await audit(services, call, { targetId: userId, detail })
    }),
})
