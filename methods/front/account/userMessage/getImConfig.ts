import { findMessageUsers } from '../../../../db/nicknames.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { readBoolean } from '../../../../gateway/wire/booleans.js'
import { puidOf } from '../../../rules/profiles/own-profile.js'
import { absolutePictureAddress } from '../../../rules/profiles/picture-addresses.js'
import { loadMessageSettings } from '../../../rules/settings/message-settings.js'
import { readObject } from '../../../rules/settings/setting-rules.js'

export default defineMethod('front.account.userMessage.getImConfig', {
  auth: 'none',
  async handle({ params }, services) {
    const { db, config } = services
    const settings = await loadMessageSettings(services)
    const otherId = params.user_other_id ?? params.uid ?? 0
    const other = otherId > 0 ? (await findMessageUsers(db, [otherId])).get(otherId) : undefined
    return {
      ...readObject(settings.im_config),
      im_chat: readBoolean(settings.im_chat) ?? false,
      user_other_info: other
        ? {
            user_id: other.user_id,
            user_nickname: other.user_nickname,
            user_avatar: absolutePictureAddress(other.user_avatar, config.publicUrl),
            puid: puidOf(other.user_id),
          }
        : {},
    }
  },
})
