import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { removeForAdministrator } from '../../../rules/shop/address-removals.js'

export default defineMethod('manage.account.userDeliveryAddress.removeBatch', {
  auth: 'permission',
  async handle(call, services) {
    const addressIds = call.params.ud_id.split(',').map(Number)
    if (!addressIds.every(Number.isSafeInteger))
      throw new GatewayError('PARAM_ERROR', { detail: 'ud_id: ids of at most 9007199254740991' })
    await removeForAdministrator(services, addressIds, call)
  },
})
