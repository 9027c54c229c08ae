import { defineMethod } from '../../../../gateway/contract/method.js'
import { webOf } from '../../../../gateway/services/wechat/ways.js'
import { callbackAddress } from '../../../rules/wechat/returns.js'
import { beginState, isBrowser } from '../../../rules/wechat/states.js'

export default defineMethod('front.account.wechat.getQrCode', {
  auth: 'none',
  // Each address leaves a row behind for ten minutes.
  limit: { by: 'ip', points: 60, seconds: 60 },
  async handle({ cookie }, services) {
    const web = webOf(services.wechat)
    // An envelope sets no cookie: only a browser that brings ours already can be told from others when it comes back.
    const browser = isBrowser(cookie) ? { browser: cookie } : {}
    const state = await beginState(services, { appId: web.appId, ...browser })
    return web.qrConnectUrl({ redirectUri: callbackAddress(services, 'callbackPc'), state })
  },
})
