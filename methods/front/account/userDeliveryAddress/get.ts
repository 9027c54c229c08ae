import { findAddress } from '../../../../db/delivery-addresses.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeAddress } from '../../../rules/shop/address-fields.js'

export default defineMethod('front.account.userDeliveryAddress.get', {
  auth: 'user',
  async handle({ params, session }, { db }) {
    const address = await findAddress(db, params.ud_id)
    if (address?.user_id !== session.userId) throw new GatewayError('OPERATION_FAILED')
    return describeAddress(address)
  },
})
