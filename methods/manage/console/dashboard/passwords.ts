import { defineMethod } from '../../../../gateway/contract/method.js'
import { listFormCounts } from '../../../rules/observation/password-forms.js'

export default defineMethod('manage.console.dashboard.passwords', {
  auth: 'console',
  async handle(_, services) {
    const { isOld, days } = await listFormCounts(services)
    return { now: services.clock.now(), is_old: isOld, days }
  },
})
