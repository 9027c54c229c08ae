import { defineMethod } from '../../../../gateway/contract/method.js'
import { setSetting } from '../../../rules/operation/site-settings.js'

export default defineMethod('manage.console.setting.set', {
  auth: 'console',
  reproof: true,
  async handle(call, services) {
    const { key, value = '' } = call.params
    await setSetting(services, { key, value }, call)
  },
})
