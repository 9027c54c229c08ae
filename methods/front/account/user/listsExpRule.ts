import { findSettings } from '../../../../db/settings.js'
import { defineMethod } from '../../../../gateway/method.js'

/** What counts until the operator configures it (account.md §7). */
const defaults = {
  exp_reg: '0',
  exp_login: '50',
  exp_evaluate_good: '50',
  exp_consume_rate: '0.1',
  exp_consume_max: '500',
}

export default defineMethod('front.account.user.listsExpRule', {
  auth: 'none',
  async handle(_, { db }) {
    const settings = await findSettings(db, Object.keys(defaults))
    return { ...defaults, ...Object.fromEntries(settings) }
  },
})
