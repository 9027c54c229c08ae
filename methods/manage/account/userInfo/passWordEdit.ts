import { GatewayError, isError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { isEncrypted, readPassword } from '../../../rules/accounts/passwords/texts.js'
import { checkNewPassword } from '../../../rules/accounts/passwords/rules.js'
import { setPassword } from '../../../rules/accounts/passwords/changes.js'
import { requireNobodyAbove } from '../../../rules/administration/ranks.js'
import { audit } from '../../../rules/audit.js'

export default defineMethod('manage.account.userInfo.passWordEdit', {
  auth: 'permission',
  reproof: true,
  permission: 'manage.account.userInfo.edit',
  async handle(call, services) {
    const { user_id: userId, user_password: sent, encrypt } = call.params
    const password = await readPassword(services, sent, isEncrypted(encrypt))
    await checkNewPassword(services, password, 'legacy')
    const { session } = call
    try {
      await setPassword(services, {
        userId,
        password,
        keep: session.userId === userId ? session.tokenId : undefined,
        async before(services) {
          await requireNobodyAbove(services, userId, call)
          await audit(services, call, { targetId: userId })
        },
      })
    } catch (error) {
      if (isError(error, 'USER_NOT_EXISTS')) throw new GatewayError('OPERATION_FAILED')
      throw error
    }
  },
})
