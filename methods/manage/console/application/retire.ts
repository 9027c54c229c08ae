import { defineMethod } from '../../../../gateway/contract/method.js'
import { retireApplication } from '../../../rules/operation/applications.js'
import { withRefusals } from '../../../rules/operation/refusals.js'

export default defineMethod('manage.console.application.retire', {
  auth: 'console',
  reproof: true,
  async handle(call, services) {
    await withRefusals(() => retireApplication(services, call.params.name, call))
    await services.apps.refresh()
  },
})
