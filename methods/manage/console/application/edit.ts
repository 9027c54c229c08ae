import { defineMethod } from '../../../../gateway/contract/method.js'
import { changeApplication } from '../../../rules/operation/applications.js'
import { readChange } from '../../../rules/operation/application-forms.js'
import { withRefusals } from '../../../rules/operation/refusals.js'

export default defineMethod('manage.console.application.edit', {
  auth: 'console',
  reproof: true,
  async handle(call, services) {
    const { name } = call.params
    await withRefusals(async () => changeApplication(services, { name, ...readChange(call.params) }, call))
    await services.apps.refresh()
  },
})
