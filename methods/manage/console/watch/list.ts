import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeWatch, listWatches } from '../../../rules/observation/shown-watches.js'

export default defineMethod('manage.console.watch.list', {
  auth: 'console',
  handle: async (_, services) => ({ items: (await listWatches(services)).map(describeWatch) }),
})
