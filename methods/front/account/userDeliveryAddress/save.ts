import { transaction } from '../../../../db/transaction.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { withoutUntouchedArea } from '../../../rules/shop/address-fields.js'
import { changeAddress } from '../../../rules/shop/delivery-addresses.js'

export default defineMethod('front.account.userDeliveryAddress.save', {
  auth: 'user',
  async handle({ params, session }, services) {
    const change = { addressId: params.ud_id, ownerId: session.userId, fields: withoutUntouchedArea(params) }
    const { address } = await transaction(services, (services) => changeAddress(services, change))
    return address
  },
})
