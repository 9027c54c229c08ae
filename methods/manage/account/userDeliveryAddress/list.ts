import { deliveryAddressList } from '../../../../db/delivery-addresses.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { answerAddresses } from '../../../rules/shop/address-lists.js'

export default defineMethod('manage.account.userDeliveryAddress.list', {
  auth: 'permission',
  handle: (call, services) => answerAddresses(services, deliveryAddressList, call),
})
