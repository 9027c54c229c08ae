import { transaction } from '../../../db/transaction.js'
import { findCredentials } from '../../../db/credentials.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../gateway/contract/method.js'
import { requireEmail, requireFreeEmail } from '../../rules/contacts/emails.js'
import { checkCallback, sendVerificationMail } from '../../rules/mail/links.js'
import { grantSend } from '../../rules/limits/sends.js'

export default defineMethod('web.passport.verifyEmail', {
  auth: 'app',
  trust: 'session',
  async handle(call, services) {
    const { params } = call
    const email = requireEmail(params.email)
    checkCallback(services, params.callback)
    await requireFreeEmail(services, email, params.uid)
    const user = await findCredentials(services.db, params.uid)
    if (!user) throw new GatewayError('USER_NOT_EXISTS')
    const wanted = { address: `mail:${email}`, purpose: 'verification', sender: call } as const
    const granted = await grantSend(services, wanted)
    try {
      const to = { userId: user.user_id, email, generation: user.session_generation }
      await sendVerificationMail(services, to, params.callback)
    } catch (error) {
      await transaction(services, (services) => granted.giveBack(services))
      throw error
    }
    granted.confirm()
  },
})
