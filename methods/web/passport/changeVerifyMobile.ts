import { defineMethod } from '../../../gateway/contract/method.js'
import { changeMobile } from '../../rules/contacts/mobile-verification.js'
import { parseMobile } from '../../rules/contacts/mobiles.js'
import { serviceAnswer } from '../../rules/service-answer.js'

export default defineMethod('web.passport.changeVerifyMobile', {
  auth: 'app',
  trust: 'session',
  async handle({ params, app }, services) {
    await changeMobile(services, app, params.uid, parseMobile(params.newMobile, params.area))
    return serviceAnswer
  },
})
