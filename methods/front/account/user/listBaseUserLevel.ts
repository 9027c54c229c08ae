import { listUserLevels } from '../../../../db/user-levels.js'
import { defineMethod } from '../../../../gateway/method.js'

/** A page of a list, unless the caller asks for another size (account.md §3). */
const usualSize = 10

export default defineMethod('front.account.user.listBaseUserLevel', {
  auth: 'none',
  async handle(_, { db, cache }) {
    const levels = (await cache.fetch('user-levels', () => listUserLevels(db))) ?? []
    const items = levels.map((level) => ({
      ...level,
      user_level_spend: Number(level.user_level_spend),
      user_level_rate: Number(level.user_level_rate),
      user_level_is_buildin: level.user_level_is_buildin === 1,
    }))
    // Nobody asks for a page of the few there are: all are on the first.
    const records = items.length
    return { items, page: 1, size: Math.max(usualSize, records), records, total: records === 0 ? 0 : 1 }
  },
})
