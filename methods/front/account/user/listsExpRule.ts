import { findSettings } from '../../../../db/settings.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { growthSettings } from '../../../rules/settings/own-keys.js'

/** What counts until the operator configures it. */
const defaults = {
  exp_reg: growthSettings.exp_reg.default,
  exp_login: growthSettings.exp_login.default,
  exp_evaluate_good: growthSettings.exp_evaluate_good.default,
  exp_consume_rate: growthSettings.exp_consume_rate.default,
  exp_consume_max: growthSettings.exp_consume_max.default,
}

export default defineMethod('front.account.user.listsExpRule', {
  auth: 'none',
  async handle(_, { db }) {
    const settings = await findSettings(db, Object.keys(defaults))
    return { ...defaults, ...Object.fromEntries(settings) }
  },
})
