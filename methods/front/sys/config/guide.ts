import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeSite, loadSiteSettings } from '../../../rules/settings/site-info.js'

export default defineMethod('front.sys.config.guide', {
  auth: 'none',
  async handle(_, services) {
    const { advertisement_open, site_mobile_logo } = describeSite(await loadSiteSettings(services), [])
    return { items: [], advertisement_open: advertisement_open ?? 0, logo: site_mobile_logo }
  },
})
