import { bindAddress } from '../../../db/bindings.js'
import { transaction } from '../../../db/transaction.js'
import { lockUser } from '../../../db/users.js'
import { findUserInfo, updateEmail } from '../../../db/user-info.js'
import { defineMethod } from '../../../gateway/contract/method.js'
import { normaliseEmail } from '../../rules/contacts/emails.js'
import { consumeMailToken, invalidToken, readMailToken } from '../../rules/mail/tokens.js'
import { findNoticeRecipient } from '../../rules/contacts/notice-recipients.js'

export default defineMethod('web.passport.changeEmail', {
  auth: 'app',
  trust: 'anybody',
  async handle({ params }, services) {
    const token = await readMailToken(services, params.code)
    const { userId, email } = token
    if (token.purpose !== 'verify-email') throw invalidToken()
    await transaction(services, async (services) => {
      const { db, sessions, clock, queue } = services
      if (!(await lockUser(db, userId))) throw invalidToken()
      await consumeMailToken(services, token)
      const old = normaliseEmail((await findUserInfo(db, userId))?.user_email ?? '')
      const now = clock.now()
      const owner = {
        kind: 'email',
        value: email,
        user_id: userId,
        verified_at: now,
        created_at: now,
      } as const
      const told = old === '' ? await findNoticeRecipient(services, userId) : { email: old }
      if (!(await bindAddress(db, owner, old))) throw invalidToken()
      await updateEmail(db, userId, email)
      if (old === email) return
      await sessions.endAll(db, userId)
      if (told) await queue.add(db, 'email-changed', told)
    })
    services.sessions.forget(userId)
  },
})
