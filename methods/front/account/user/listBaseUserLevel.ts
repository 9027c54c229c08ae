import { listUserLevels } from '../../../../db/user-levels.js'
import { defineMethod } from '../../../../gateway/method.js'

export default defineMethod('front.account.user.listBaseUserLevel', {
  auth: 'none',
  async handle(_, { db, cache }) {
    const levels = (await cache.fetch('user-levels', () => listUserLevels(db))) ?? []
    return levels.map((level) => ({
      ...level,
      user_level_spend: Number(level.user_level_spend),
      user_level_rate: Number(level.user_level_rate),
      user_level_is_buildin: level.user_level_is_buildin === 1,
    }))
  },
})
