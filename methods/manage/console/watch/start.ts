import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeWatch } from '../../../rules/observation/shown-watches.js'
import { startWatch } from '../../../rules/observation/watches.js'

export default defineMethod('manage.console.watch.start', {
  auth: 'console',
  handle: async (call, services) => describeWatch(await startWatch(services, call.params, call)),
})
