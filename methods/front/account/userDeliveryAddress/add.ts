import { transaction } from '../../../../db/transaction.js'
import { defineMethod } from '../../../../gateway/method.js'
import { addAddress } from '../../../rules/delivery-addresses.js'

export default defineMethod('front.account.userDeliveryAddress.add', {
  auth: 'user',
  handle({ params: fields, session }, services) {
    const { userId } = session
    return transaction(services.db, (db) => addAddress(db, services, { userId, fields }))
  },
})
