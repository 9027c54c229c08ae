import { addressesOf } from '../../../../db/delivery-addresses.js'
import { defineMethod } from '../../../../gateway/method.js'
import { answerAddresses } from '../../../rules/address-lists.js'

export default defineMethod('front.account.userDeliveryAddress.list', {
  auth: 'user',
  handle: (call, services) => answerAddresses(services, addressesOf(call.session.userId), call),
})
