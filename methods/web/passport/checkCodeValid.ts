import { defineMethod } from '../../../gateway/contract/method.js'
import { readMailToken } from '../../rules/mail/tokens.js'

export default defineMethod('web.passport.checkCodeValid', {
  auth: 'app',
  trust: 'anybody',
  async handle({ params }, services) {
    await readMailToken(services, params.code)
  },
})
