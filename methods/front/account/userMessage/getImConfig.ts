import { defineMethod } from '../../../../gateway/contract/method.js'
import { readBoolean } from '../../../../gateway/wire/booleans.js'
import { loadMessageSettings, readObject } from '../../../rules/settings/site-settings.js'

export default defineMethod('front.account.userMessage.getImConfig', {
  auth: 'none',
  async handle(_, services) {
    const settings = await loadMessageSettings(services)
    return {
      ...readObject(settings.im_config),
      im_chat: readBoolean(settings.im_chat) ?? false,
      user_other_info: {},
    }
  },
})
