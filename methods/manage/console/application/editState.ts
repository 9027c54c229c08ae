import { defineMethod } from '../../../../gateway/contract/method.js'
import { changeApplication } from '../../../rules/operation/applications.js'
import { withRefusals } from '../../../rules/operation/refusals.js'

export default defineMethod('manage.console.application.editState', {
  auth: 'console',
  reproof: true,
  async handle(call, services) {
    const { name, enabled } = call.params
    await withRefusals(() => changeApplication(services, { name, enabled }, call))
    await services.apps.refresh()
  },
})
