import { transaction } from '../../../../db/transaction.js'
import { userExists } from '../../../../db/users.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'
import { addAddress } from '../../../rules/shop/delivery-addresses.js'

export default defineMethod('manage.account.userDeliveryAddress.add', {
  auth: 'permission',
  handle(call, services) {
    const { user_id: userId } = call.params
    return transaction(services, async (services) => {
      if (!(await userExists(services.db, userId))) throw new GatewayError('OPERATION_FAILED')
      const address = await addAddress(services, userId, call.params)
      await audit(services, call, { targetId: userId, detail: `ud_id ${address.ud_id}` })
      return address
    })
  },
})
