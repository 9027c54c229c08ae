import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'
import { describeUserPage } from '../../../rules/support/user-page.js'

export default defineMethod('manage.console.user.get', {
  auth: 'console',
  async handle(call, services) {
    const { user_id: targetId } = call.params
    const page = await describeUserPage(services, targetId)
    if (!page) throw new GatewayError('OPERATION_FAILED')
    await audit(services, call, { targetId })
    return page
  },
})
