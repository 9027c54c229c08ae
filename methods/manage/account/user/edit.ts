import { transaction } from '../../../../db/transaction.js'
import { lockUser } from '../../../../db/users.js'
import { findUserInfo } from '../../../../db/user-info.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { changeStanding } from '../../../rules/administration/standings.js'
import { audit } from '../../../rules/audit.js'

export default defineMethod('manage.account.user.edit', {
  auth: 'permission',
  async handle(call, services) {
    const { user_id: userId, ...standing } = call.params
    await transaction(services, async (services) => {
      const { db, sessions } = services
      if (!(await lockUser(db, userId))) throw new GatewayError('OPERATION_FAILED')
      const user = { userId, info: await findUserInfo(db, userId) }
      const { changes, isNewState } = await changeStanding(services, user, standing, call)
      if (changes.length === 0) throw new GatewayError('OPERATION_FAILED')
      if (isNewState) await sessions.endAll(db, userId)
      await audit(services, call, { targetId: userId, detail: changes.join(', ') })
    })
    services.sessions.forget(userId)
  },
})
