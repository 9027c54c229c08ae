import { GatewayError, isError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import type { MiniPhone, MiniProgram } from '../../../../gateway/services/wechat/wechat.js'
import { miniOf } from '../../../../gateway/services/wechat/ways.js'
import { readMobile } from '../../../rules/contacts/account-mobiles.js'
import { bindProvedMobile } from '../../../rules/accounts/mobile-bindings.js'

const action = 'front.account.wechat.getUserPhoneNumber'

export default defineMethod(action, {
  auth: 'user',
  limit: { by: 'user', points: 20, seconds: 60 },
  async handle({ params, session, ip, app }, services) {
    const { area, number } = await readPhone(miniOf(services.wechat), params.code)
    const mobile = readMobile(`+${area}${number}`)
    if (!mobile) throw new GatewayError('WECHAT_BIND_FAILED')
    return bindProvedMobile(services, { session, ip, app, action }, mobile)
  },
})

async function readPhone(mini: MiniProgram, code: string): Promise<MiniPhone> {
  try {
    return await mini.readPhone(code)
  } catch (error) {
    const isRefused = isError(error, 'WECHAT_FAILED')
    throw isRefused ? new GatewayError('WECHAT_PHONE_FAILED') : error
  }
}
