import { defineMethod } from '../../../gateway/contract/method.js'
import { rememberCheck, requireFreeMobile } from '../../rules/contacts/mobile-verification.js'
import { parseMobile } from '../../rules/contacts/mobiles.js'

export default defineMethod('web.passport.checkVerifyMobile', {
  auth: 'app',
  async handle({ params, app }, services) {
    const mobile = parseMobile(params.mobile, params.area)
    await requireFreeMobile(services, mobile, params.uid)
    await rememberCheck(services, app, mobile, 'checked')
  },
})
