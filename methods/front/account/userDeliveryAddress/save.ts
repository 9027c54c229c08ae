import { transaction } from '../../../../db/transaction.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { changeAddress } from '../../../rules/shop/delivery-addresses.js'

export default defineMethod('front.account.userDeliveryAddress.save', {
  auth: 'user',
  async handle({ params, session }, { db }) {
    const change = { addressId: params.ud_id, ownerId: session.userId, fields: params }
    const { address } = await transaction(db, (db) => changeAddress(db, change))
    return address
  },
})
