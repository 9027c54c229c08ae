import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeApplication } from '../../../rules/operation/described-applications.js'
import { withRefusals } from '../../../rules/operation/refusals.js'

export default defineMethod('manage.console.application.get', {
  auth: 'console',
  handle: ({ params }, services) => withRefusals(() => describeApplication(services, params.name)),
})
