import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeDashboard } from '../../../rules/observation/dashboard.js'

export default defineMethod('manage.console.dashboard.show', {
  auth: 'console',
  handle: (_, services) => describeDashboard(services),
})
