import { listUserLevels } from '../../../../db/user-levels.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { defaultSiteSettings, describeSite, loadSiteSettings } from '../../../rules/settings/site-info.js'

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
