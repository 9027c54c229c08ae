import { transaction } from '../../../../db/transaction.js'
import { userExists } from '../../../../db/users.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { recordAudit } from '../../../rules/audit.js'
import { addAddress } from '../../../rules/shop/delivery-addresses.js'

const action = 'manage.account.userDeliveryAddress.add'

export default defineMethod(action, {
  auth: 'permission',
  handle({ params, session, ip }, services) {
    const { user_id: userId } = params
    return transaction(services.db, async (db) => {
      if (!(await userExists(db, userId))) throw new GatewayError('OPERATION_FAILED')
      const address = await addAddress(db, services, { userId, fields: params })
      const audit = { action, outcome: 'ok', actorId: session.userId, targetId: userId, ip }
      await recordAudit(db, services, { ...audit, detail: `ud_id ${address.ud_id}` })
      return address
    })
  },
})
