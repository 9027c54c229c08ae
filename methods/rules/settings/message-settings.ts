import { findSettings } from '../../../db/settings.js'
import type { Services } from '../../../gateway/services/services.js'
import { messageSettings, type wechatReplySettings } from './own-keys.js'

type SettingServices = Pick<Services, 'db' | 'cache'>

export type MessageSettings = Readonly<Record<keyof typeof messageSettings, string>>

/** The settings of messages as texts, what is not set by its default. */
export async function loadMessageSettings({ db, cache }: SettingServices): Promise<MessageSettings> {
  const load = () => findSettings(db, Object.keys(messageSettings))
  const found = (await cache.fetch('message-settings', load)) ?? new Map<string, string>()
  return {
    im_chat: found.get('im_chat') ?? messageSettings.im_chat.default,
    im_config: found.get('im_config') ?? messageSettings.im_config.default,
    message_notice_user: found.get('message_notice_user') ?? messageSettings.message_notice_user.default,
    message_service_user: found.get('message_service_user') ?? messageSettings.message_service_user.default,
  }
}

const replyKeys = [
  'wechat_reply_subscribe',
  'wechat_reply_text',
] as const satisfies readonly (keyof typeof wechatReplySettings)[]

/** What the official account answers to a kind of message; empty for nothing. */
export async function loadWechatReply(
  { db, cache }: SettingServices,
  key: (typeof replyKeys)[number],
): Promise<string> {
  const found = await cache.fetch('wechat-replies', () => findSettings(db, replyKeys))
  return found?.get(key) ?? ''
}
