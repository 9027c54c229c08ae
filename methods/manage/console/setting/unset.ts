import { defineMethod } from '../../../../gateway/contract/method.js'
import { unsetSetting } from '../../../rules/operation/site-settings.js'

export default defineMethod('manage.console.setting.unset', {
  auth: 'console',
  reproof: true,
  handle: (call, services) => unsetSetting(services, call.params.key, call),
})
