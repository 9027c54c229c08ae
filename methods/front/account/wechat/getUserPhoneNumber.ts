import { GatewayError, isError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import type { MiniPhone, MiniProgram } from '../../../../gateway/services/wechat/wechat.js'
import { miniOf } from '../../../../gateway/services/wechat/ways.js'
import { readMobile } from '../../../rules/contacts/account-mobiles.js'
import { bindProvedMobile } from '../../../rules/accounts/mobile-bindings.js'

export default defineMethod('front.account.wechat.getUserPhoneNumber', {
  auth: 'user',
  limit: { by: 'user', points: 20, seconds: 60 },
  async handle(call, services) {
    const { area, number } = await readPhone(miniOf(services.wechat), call.params.code)
    const mobile = readMobile(`+${area}${number}`)
    if (!mobile) throw new GatewayError('WECHAT_BIND_FAILED')
    return bindProvedMobile(services, mobile, call)
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
