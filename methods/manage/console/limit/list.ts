import { defineMethod } from '../../../../gateway/contract/method.js'
import { listBusy, listLimits, readBudgets } from '../../../rules/operation/budgets.js'

export default defineMethod('manage.console.limit.list', {
  auth: 'console',
  async handle(_call, services) {
    return {
      budgets: await readBudgets(services),
      limits: listLimits(services),
      busiest: await listBusy(services),
    }
  },
})
