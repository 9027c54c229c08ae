import { defineMethod } from '../../../../gateway/contract/method.js'
import { rotateApplication } from '../../../rules/operation/applications.js'
import { withRefusals } from '../../../rules/operation/refusals.js'

export default defineMethod('manage.console.application.rotate', {
  auth: 'console',
  reproof: true,
  async handle(call, services) {
    const { name } = call.params
    const secret = await withRefusals(() => rotateApplication(services, { name }, call))
    await services.apps.refresh()
    return { secret }
  },
})
