import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { webOf } from '../../../../gateway/services/wechat/ways.js'
import type { WebLogin, WechatProfile } from '../../../../gateway/services/wechat/wechat.js'
import { leadOn, redirectTo, returnWithSession } from '../../../rules/wechat/returns.js'
import { signInByWechat } from '../../../rules/wechat/sign-ins.js'
import { takeState } from '../../../rules/wechat/states.js'

export default defineMethod('front.account.wechat.callbackPc', {
  auth: 'none',
  async handle(call, services) {
    const { code, state } = call.params
    const web = webOf(services.wechat)
    const begun = code === '' ? undefined : await takeState(services, web.appId, state, call.cookie)
    if (!begun) throw new GatewayError('WECHAT_SCAN_FAILED')
    const signIn = async () => {
      const user = { ...(await readProfile(web, code)), way: 'web', appId: web.appId } as const
      return signInByWechat(services, user, call)
    }
    if (begun.return_to !== '')
      return leadOn(services, async () => returnWithSession(begun.return_to, await signIn()))
    const { token } = await signIn()
    return redirectTo(`${web.returnUrl}/#/login/login?ukey=${encodeURIComponent(token)}`)
  },
})

async function readProfile(web: WebLogin, code: string): Promise<WechatProfile> {
  try {
    return await web.readProfile(code)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new GatewayError('WECHAT_SCAN_FAILED')
  }
}
