import { transaction } from '../../../../db/transaction.js'
import { deleteUserLevel, lockUserLevel, userLevelIsUsed } from '../../../../db/user-levels.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'

export default defineMethod('manage.account.userLevel.remove', {
  auth: 'permission',
  async handle(call, services) {
    const { user_level_id: levelId } = call.params
    await transaction(services, async (services) => {
      const { db } = services
      const level = await lockUserLevel(db, levelId)
      if (!level) throw new GatewayError('OPERATION_FAILED')
      if (level.user_level_is_buildin !== 0) throw new GatewayError('LEVEL_BUILT_IN')
      // The shop crashes at the cart of a user whose level is gone.
      if (await userLevelIsUsed(db, levelId)) throw new GatewayError('LEVEL_IN_USE')
      await deleteUserLevel(db, levelId)
      await audit(services, call, { detail: `user_level_id ${levelId}` })
    })
  },
})
