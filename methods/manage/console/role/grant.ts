import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { grantPath, isRoleName, isRolePattern } from '../../../rules/operation/roles.js'

export default defineMethod('manage.console.role.grant', {
  auth: 'console',
  reproof: true,
  async handle(call, services) {
    const [role, pattern] = [call.params.role.trim(), call.params.pattern.trim()]
    if (!isRoleName(role)) throw new GatewayError('PARAM_ERROR', { detail: 'role: a name without commas' })
    if (!isRolePattern(pattern))
      throw new GatewayError('PARAM_ERROR', { detail: 'pattern: a path such as /manage/account/user/*' })
    return { is_new: await grantPath(services, { role, pattern }, call) }
  },
})
