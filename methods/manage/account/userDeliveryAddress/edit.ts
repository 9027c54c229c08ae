import { transaction } from '../../../../db/transaction.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'
import { changeAddress } from '../../../rules/shop/delivery-addresses.js'

export default defineMethod('manage.account.userDeliveryAddress.edit', {
  auth: 'permission',
  handle(call, services) {
    const { ud_id: addressId, user_id: newOwnerId } = call.params
    return transaction(services, async (services) => {
      const change = { addressId, newOwnerId, fields: call.params }
      const { address, changed } = await changeAddress(services, change)
      if (changed.length === 0) throw new GatewayError('OPERATION_FAILED')
      const detail = `ud_id ${addressId}: ${changed.join(', ')}`
      await audit(services, call, { targetId: address.user_id, detail })
      return address
    })
  },
})
