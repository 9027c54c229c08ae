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
  async handle({ params, app, ip }, services) {
    const { db, clock, config } = services
    const email = normaliseEmail(params.email)
    checkCallback(params.callback, services)
    await requireFreeEmail(db, email, params.uid)
    const user = await findCredentials(db, params.uid)
    if (!user) throw new GatewayError('USER_NOT_EXISTS')
    const { perTry, perMessage } = sendLimits(`mail:${email}`, { ip, app }, config)
    const limits = [...perTry, ...perMessage]
    const spent = await transaction(db, (db) => spendLimits(db, limits, clock.now()))
    try {
      const to = { userId: user.user_id, email, generation: user.session_generation }
      await sendVerificationMail(services, to, params.callback)
    } catch (error) {
      await transaction(db, (db) => giveBackLimits(db, perMessage, clock.now()))
      throw error
    }
    noteBudget(services, spent)
  },
})
