import { transaction } from '../../../../db/transaction.js'
import { insertUserLevel } from '../../../../db/user-levels.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'

export default defineMethod('manage.account.userLevel.add', {
  auth: 'permission',
  async handle(call, services) {
    const row = {
      user_level_exp: 0,
      user_level_spend: 0,
      user_level_logo: '',
      user_level_rate: 100,
      ...call.params,
      user_level_time: services.clock.now(),
      user_level_is_buildin: 0,
    }
    await transaction(services, async (services) => {
      const levelId = await insertUserLevel(services.db, row)
      await audit(services, call, { detail: `user_level_id ${levelId}` })
    })
  },
})
