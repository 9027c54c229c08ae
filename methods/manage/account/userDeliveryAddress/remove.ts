import { defineMethod } from '../../../../gateway/contract/method.js'
import { removeForAdministrator } from '../../../rules/shop/address-removals.js'

const action = 'manage.account.userDeliveryAddress.remove'

export default defineMethod(action, {
  auth: 'permission',
  async handle({ params, session, ip }, services) {
    await removeForAdministrator(services, [params.ud_id], { action, actorId: session.userId, ip })
  },
})
