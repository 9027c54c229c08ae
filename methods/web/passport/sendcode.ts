import { findUserInfo } from '../../../db/user-info.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../gateway/contract/method.js'
import { fromColumns, parseMobile, toE164 } from '../../rules/contacts/mobiles.js'
import { sendSmsCode } from '../../rules/codes/sms.js'

export default defineMethod('web.passport.sendcode', {
  auth: 'app',
  trust: 'anybody',
  success: '发送成功',
  async handle(call, services) {
    const { params } = call
    const mobile = parseMobile(params.mobile, params.area)
    if (params.uid !== undefined) {
      const info = await findUserInfo(services.db, params.uid)
      const own = fromColumns(info?.user_intl ?? null, info?.user_mobile ?? null)
      if (toE164(own) !== toE164(mobile)) throw new GatewayError('UID_NOT_MATCH_MOBILE')
    }
    await sendSmsCode(services, { mobile }, call)
  },
})
