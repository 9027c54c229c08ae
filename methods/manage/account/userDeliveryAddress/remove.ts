import { defineMethod } from '../../../../gateway/contract/method.js'
import { removeForAdministrator } from '../../../rules/shop/address-removals.js'

export default defineMethod('manage.account.userDeliveryAddress.remove', {
  auth: 'permission',
  async handle(call, services) {
    await removeForAdministrator(services, [call.params.ud_id], call)
  },
})
