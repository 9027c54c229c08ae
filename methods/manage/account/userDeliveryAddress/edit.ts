import { transaction } from '../../../../db/transaction.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { recordAudit } from '../../../rules/audit.js'
import { changeAddress } from '../../../rules/shop/delivery-addresses.js'

const action = 'manage.account.userDeliveryAddress.edit'

export default defineMethod(action, {
  auth: 'permission',
  handle({ params, session, ip }, services) {
    const { ud_id: addressId, user_id: newOwnerId } = params
    return transaction(services.db, async (db) => {
      const { address, changed } = await changeAddress(db, { addressId, newOwnerId, fields: params })
      if (changed.length === 0) throw new GatewayError('OPERATION_FAILED')
      await recordAudit(db, services, {
        action,
        outcome: 'ok',
        actorId: session.userId,
        targetId: address.user_id,
        ip,
        detail: `ud_id ${addressId}: ${changed.join(', ')}`,
      })
      return address
    })
  },
})
