import { transaction } from '../../../../db/transaction.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { addAddress } from '../../../rules/shop/delivery-addresses.js'

export default defineMethod('front.account.userDeliveryAddress.add', {
  auth: 'user',
  handle({ params: fields, session }, services) {
    const { userId } = session
    return transaction(services.db, (db) => addAddress(db, services, { userId, fields }))
  },
})
