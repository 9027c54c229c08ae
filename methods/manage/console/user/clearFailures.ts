import { deleteLoginFailures } from '../../../../db/login-failures.js'
import { transaction } from '../../../../db/transaction.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { requireNobodyAbove } from '../../../rules/administration/ranks.js'
import { audit } from '../../../rules/audit.js'

export default defineMethod('manage.console.user.clearFailures', {
  auth: 'console',
  async handle(call, services) {
    const { user_id: targetId } = call.params
    await transaction(services, async (services) => {
      await requireNobodyAbove(services, targetId, call)
      if ((await deleteLoginFailures(services.db, targetId)) === 0) throw new GatewayError('OPERATION_FAILED')
      await audit(services, call, { targetId })
    })
  },
})
