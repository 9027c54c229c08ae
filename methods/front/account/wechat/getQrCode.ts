import { defineMethod } from '../../../../gateway/method.js'
import { webOf } from '../../../../gateway/services/wechat/ways.js'
import { callbackAddress } from '../../../rules/wechat-returns.js'
import { beginState } from '../../../rules/wechat-states.js'

export default defineMethod('front.account.wechat.getQrCode', {
  auth: 'none',
  // Each address leaves a row behind for ten minutes.
  limit: { by: 'ip', points: 60, seconds: 60 },
  async handle(_, services) {
    const web = webOf(services.wechat)
    const state = await beginState(services, { appId: web.appId })
    return web.qrConnectUrl({ redirectUri: callbackAddress(services.config, 'callbackPc'), state })
  },
})
