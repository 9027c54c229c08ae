import { defineMethod } from '../../../gateway/contract/method.js'
import { normaliseEmail, requireFreeEmail } from '../../rules/contacts/emails.js'
import { checkCallback } from '../../rules/mail/links.js'

export default defineMethod('web.passport.checkVerifyEmail', {
  auth: 'app',
  trust: 'session',
  async handle({ params }, services) {
    checkCallback(services, params.callback)
    await requireFreeEmail(services, normaliseEmail(params.email), params.uid)
  },
})
