import { defineMethod } from '../../../gateway/method.js'
import { changeMobile } from '../../rules/mobile-verification.js'
import { parseMobile } from '../../rules/mobiles.js'
import { serviceAnswer } from '../../rules/service-answer.js'

export default defineMethod('web.passport.changeVerifyMobile', {
  auth: 'app',
  async handle({ params, app }, services) {
    await changeMobile(services, app, params.uid, parseMobile(params.newMobile, params.area))
    return serviceAnswer
  },
})
