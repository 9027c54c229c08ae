import { addressesOf } from '../../../../db/delivery-addresses.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { answerAddresses } from '../../../rules/shop/address-lists.js'

export default defineMethod('front.account.userDeliveryAddress.list', {
  auth: 'user',
  handle: (call, services) => answerAddresses(services, addressesOf(call.session.userId), call),
})
