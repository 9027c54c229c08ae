import { defineMethod } from '../../../gateway/contract/method.js'
import { requireEmail, requireFreeEmail } from '../../rules/contacts/emails.js'
import { checkCallback } from '../../rules/mail/links.js'

export default defineMethod('web.passport.checkVerifyEmail', {
  auth: 'app',
  trust: 'session',
  async handle({ params }, services) {
    checkCallback(services, params.callback)
    await requireFreeEmail(services, requireEmail(params.email), params.uid)
  },
})
