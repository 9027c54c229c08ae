import { defineMethod } from '../../../../gateway/contract/method.js'
import { blockAddress, requireAddress } from '../../../rules/operation/ip-blocks.js'

export default defineMethod('manage.console.ipBlock.add', {
  auth: 'console',
  reproof: true,
  async handle(call, services) {
    const { hours, reason = '' } = call.params
    await blockAddress(services, { address: requireAddress(call.params.address), hours, reason }, call)
  },
})
