import { defineMethod } from '../../../../gateway/contract/method.js'
import { readBatchIds } from '../../../rules/administration/batch-ids.js'
import { removeForAdministrator } from '../../../rules/shop/address-removals.js'

export default defineMethod('manage.account.userDeliveryAddress.removeBatch', {
  auth: 'permission',
  async handle(call, services) {
    await removeForAdministrator(services, readBatchIds('ud_id', call.params.ud_id), call)
  },
})
