import { listUserLevels, type UserLevelRow } from '../../../../db/user-levels.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { readBoolean } from '../../../../gateway/wire/booleans.js'
import {
  defaultSiteSettings,
  loadSiteSettings,
  readList,
  type SiteSettings,
} from '../../../rules/settings/site-settings.js'

export default defineMethod('front.sys.config.info', {
  auth: 'none',
  async handle(_, services) {
    const { db, cache, log } = services
    try {
      const levels = await cache.fetch('user-levels', () => listUserLevels(db))
      return describeSite(await loadSiteSettings(services), levels ?? [])
    } catch (error) {
      // The mobile app waits for this answer before it shows anything, and for good if it is an error.
      log.error({ method: 'front.sys.config.info', error }, 'the defaults stand in for the settings')
      return describeSite(defaultSiteSettings, [])
    }
  },
})

function describeSite(settings: SiteSettings, levels: readonly UserLevelRow[]) {
  return {
    ...settings,
    order_state_list: readList(settings.order_state_list) ?? [],
    return_state_list: readList(settings.return_state_list) ?? [],
    payment_channel_list: readList(settings.payment_channel_list) ?? [],
    wechat_connect_auto: readBoolean(settings.wechat_connect_auto) ?? false,
    user_level_map: Object.fromEntries(levels.map((level) => [level.user_level_id, level.user_level_name])),
    user_level_rate_map: Object.fromEntries(
      levels.map((level) => [level.user_level_id, Number(level.user_level_rate)]),
    ),
  }
}
