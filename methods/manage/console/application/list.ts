import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeApplications } from '../../../rules/operation/described-applications.js'

export default defineMethod('manage.console.application.list', {
  auth: 'console',
  handle: async (_call, services) => ({ items: await describeApplications(services) }),
})
