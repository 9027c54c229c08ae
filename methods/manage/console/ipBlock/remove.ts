import { defineMethod } from '../../../../gateway/contract/method.js'
import { requireAddress, unblockAddress } from '../../../rules/operation/ip-blocks.js'

export default defineMethod('manage.console.ipBlock.remove', {
  auth: 'console',
  handle: (call, services) => unblockAddress(services, requireAddress(call.params.address), call),
})
