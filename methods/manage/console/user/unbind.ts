import { defineMethod } from '../../../../gateway/contract/method.js'
import { unbindWay } from '../../../rules/support/unbindings.js'

export default defineMethod('manage.console.user.unbind', {
  auth: 'console',
  reproof: true,
  async handle(call, services) {
    const { user_id: userId, way } = call.params
    await unbindWay(services, { userId, way }, call)
  },
})
