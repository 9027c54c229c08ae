import { deleteOwnAddress } from '../../../../db/delivery-addresses.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'

export default defineMethod('front.account.userDeliveryAddress.remove', {
  auth: 'user',
  async handle({ params, session }, { db }) {
    if (!(await deleteOwnAddress(db, session.userId, params.ud_id)))
      throw new GatewayError('OPERATION_FAILED')
  },
})
