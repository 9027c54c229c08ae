import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeWatch, readWatch } from '../../../rules/observation/shown-watches.js'

export default defineMethod('manage.console.watch.calls', {
  auth: 'console',
  async handle(call, services) {
    const { watch, isLive, calls } = await readWatch(services, call.params.watch_id, call)
    return { ...describeWatch(watch), is_live: isLive, calls }
  },
})
