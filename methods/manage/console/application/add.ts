import { defineMethod } from '../../../../gateway/contract/method.js'
import { addApplication } from '../../../rules/operation/applications.js'
import { readChange } from '../../../rules/operation/application-forms.js'
import { withRefusals } from '../../../rules/operation/refusals.js'

export default defineMethod('manage.console.application.add', {
  auth: 'console',
  reproof: true,
  async handle(call, services) {
    const { name, scheme, trust } = call.params
    const { grants = [], addresses = [], codeLength, recut, queryCredentials } = readChange(call.params)
    const app = { name, scheme, trust, grants, addresses, recut, queryCredentials }
    const secret = await withRefusals(() =>
      addApplication(services, { ...app, codeLength: codeLength ?? undefined }, call),
    )
    await services.apps.refresh()
    return { secret }
  },
})
