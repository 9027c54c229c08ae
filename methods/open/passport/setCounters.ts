import { saveCounters } from '../../../db/passport-cards.js'
import { transaction } from '../../../db/transaction.js'
import { userExists } from '../../../db/users.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../gateway/contract/method.js'
import { serviceAnswer } from '../../rules/service-answer.js'

export default defineMethod('open.passport.setCounters', {
  auth: 'app',
  async handle({ params }, services) {
    const { uid, couponCount, orderCount, refundCount, YohocoinCount, curTotalCost, curYearCost } = params
    await transaction(services, async ({ db }) => {
      if (!(await userExists(db, uid))) throw new GatewayError('USER_NOT_EXISTS')
      await saveCounters(db, uid, {
        ...(couponCount === undefined ? {} : { coupon_count: couponCount }),
        ...(orderCount === undefined ? {} : { order_count: orderCount }),
        ...(refundCount === undefined ? {} : { refund_count: refundCount }),
        ...(YohocoinCount === undefined ? {} : { yohocoin_count: YohocoinCount }),
        ...(curTotalCost === undefined ? {} : { cur_total_cost: curTotalCost }),
        ...(curYearCost === undefined ? {} : { cur_year_cost: curYearCost }),
      })
    })
    services.cache.drop(`card:${uid}`)
    return serviceAnswer
  },
})
