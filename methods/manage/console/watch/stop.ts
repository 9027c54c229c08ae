import { defineMethod } from '../../../../gateway/contract/method.js'
import { stopWatch } from '../../../rules/operation/watches.js'

export default defineMethod('manage.console.watch.stop', {
  auth: 'console',
  handle: (call, services) => stopWatch(services, call.params.watch_id, call),
})
