import { defineMethod } from '../../../../gateway/contract/method.js'
import { stopWatch } from '../../../rules/observation/watches.js'

export default defineMethod('manage.console.watch.stop', {
  auth: 'console',
  handle: (call, services) => stopWatch(services, call.params.watch_id, call),
})
