import { findMessageUsers } from '../../../../db/nicknames.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { absolutePictureAddress } from '../../../rules/profiles/picture-addresses.js'
import { loadMessageSettings } from '../../../rules/settings/message-settings.js'
import { puidOf } from '../../../rules/profiles/own-profile.js'

/** While nobody answers for customer service. */
const nobody = { friend_id: 0, puid: '', user_nickname: '', user_avatar: '' }

export default defineMethod('front.account.userMessage.getKefuConfig', {
  auth: 'none',
  async handle(_, services) {
    const { message_service_user: id } = await loadMessageSettings(services)
    const user = (await findMessageUsers(services.db, [Number(id)])).get(Number(id))
    if (!user) return nobody
    return {
      friend_id: user.user_id,
      puid: puidOf(user.user_id),
      user_nickname: user.user_nickname,
      user_avatar: absolutePictureAddress(user.user_avatar, services.config.publicUrl),
    }
  },
})
