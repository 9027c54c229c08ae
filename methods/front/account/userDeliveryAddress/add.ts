import { transaction } from '../../../../db/transaction.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { addAddress } from '../../../rules/shop/delivery-addresses.js'

export default defineMethod('front.account.userDeliveryAddress.add', {
  auth: 'user',
  handle({ params: fields, session }, services) {
    return transaction(services, (services) => addAddress(services, session.userId, fields))
  },
})
