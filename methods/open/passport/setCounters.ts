import { saveCounters } from '../../../db/passport-cards.js'
import { transaction } from '../../../db/transaction.js'
import { userExists } from '../../../db/users.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../gateway/contract/method.js'
import { serviceAnswer } from '../../rules/service-answer.js'
import { defined } from '../../../gateway/wire/defined-fields.js'

export default defineMethod('open.passport.setCounters', {
  auth: 'app',
  trust: 'server',
  async handle({ params }, services) {
    const { uid } = params
    await transaction(services, async ({ db }) => {
      if (!(await userExists(db, uid))) throw new GatewayError('USER_NOT_EXISTS')
      await saveCounters(
        db,
        uid,
        defined({
          coupon_count: params.couponCount,
          order_count: params.orderCount,
          refund_count: params.refundCount,
          yohocoin_count: params.YohocoinCount,
          cur_total_cost: params.curTotalCost,
          cur_year_cost: params.curYearCost,
        }),
      )
    })
    services.cache.drop(`card:${uid}`)
    return serviceAnswer
  },
})
