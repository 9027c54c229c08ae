import { defineMethod } from '../../../../gateway/contract/method.js'
import { readSettings } from '../../../rules/operation/site-settings.js'

export default defineMethod('manage.console.setting.list', {
  auth: 'console',
  handle: async (_call, services) => ({ items: await readSettings(services) }),
})
