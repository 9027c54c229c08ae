import { transaction } from '../../../db/transaction.js'
import { findCredentials } from '../../../db/credentials.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../gateway/contract/method.js'
import { normaliseEmail, requireFreeEmail } from '../../rules/contacts/emails.js'
import { checkCallback, sendVerificationMail } from '../../rules/mail/links.js'
import { noteBudget, sendLimits } from '../../rules/limits/sends.js'
import { giveBackLimits, spendLimits } from '../../rules/limits/usage.js'

export default defineMethod('web.passport.verifyEmail', {
  auth: 'app',
  trust: 'session',
  async handle(call, services) {
    const { params } = call
    const email = normaliseEmail(params.email)
    checkCallback(services, params.callback)
    await requireFreeEmail(services, email, params.uid)
    const user = await findCredentials(services.db, params.uid)
    if (!user) throw new GatewayError('USER_NOT_EXISTS')
    const { perTry, perMessage } = sendLimits(services, `mail:${email}`, call)
    const limits = [...perTry, ...perMessage]
    const spent = await transaction(services, (services) => spendLimits(services, limits))
    try {
      const to = { userId: user.user_id, email, generation: user.session_generation }
      await sendVerificationMail(services, to, params.callback)
    } catch (error) {
      await transaction(services, (services) => giveBackLimits(services, perMessage))
      throw error
    }
    noteBudget(services, spent)
  },
})
