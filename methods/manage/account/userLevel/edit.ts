import { transaction } from '../../../../db/transaction.js'
import { lockUserLevel, updateUserLevel } from '../../../../db/user-levels.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { changedFields } from '../../../rules/administration/changed-fields.js'
import { audit } from '../../../rules/audit.js'
import { describeLevel } from '../../../rules/profiles/levels.js'

export default defineMethod('manage.account.userLevel.edit', {
  auth: 'permission',
  async handle(call, services) {
    const { user_level_id: levelId, ...fields } = call.params
    await transaction(services, async (services) => {
      const { db, clock } = services
      const level = await lockUserLevel(db, levelId)
      if (!level) throw new GatewayError('OPERATION_FAILED')
      const change = changedFields(describeLevel(level), fields)
      await updateUserLevel(db, levelId, { ...change, user_level_time: clock.now() })
      const detail = `user_level_id ${levelId}: ${Object.keys(change).join(', ')}`
      await audit(services, call, { detail })
    })
  },
})
