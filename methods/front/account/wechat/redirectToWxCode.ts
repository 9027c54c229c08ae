import { defineMethod } from '../../../../gateway/contract/method.js'
import { officialOf } from '../../../../gateway/services/wechat/ways.js'
import { callbackAddress, leadOn } from '../../../rules/wechat/returns.js'
import { beginState, nameBrowser } from '../../../rules/wechat/states.js'
import { scanTicket } from '../../../rules/wechat/tickets.js'

export default defineMethod('front.account.wechat.redirectToWxCode', {
  auth: 'none',
  // Each address leaves a row behind for ten minutes.
  limit: { by: 'ip', points: 120, seconds: 60 },
  async handle({ params, cookie }, services) {
    const official = officialOf(services.wechat)
    const { activity_id = '', ticket = '' } = params
    const { browser, setCookie } = nameBrowser(services, cookie)
    const callback = callbackAddress(services, 'callbackMp')
    const carried = activity_id === '' ? '' : `?activity_id=${encodeURIComponent(activity_id)}`
    // Who scanned a code that is too old is told so on a page.
    const answer = await leadOn(services, async () => {
      const ticketHash = ticket === '' ? '' : await scanTicket(services, ticket)
      const state = await beginState(services, { appId: official.appId, browser, ticketHash })
      return official.authorizeUrl({ redirectUri: callback + carried, state })
    })
    return { ...answer, headers: [...answer.headers, 'Set-Cookie', setCookie] }
  },
})
