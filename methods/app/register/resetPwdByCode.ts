import { defineMethod } from '../../../gateway/contract/method.js'
import { consumeMailToken, invalidToken, readMailToken } from '../../rules/mail/tokens.js'
import { checkNewPassword, passwordRuleOf } from '../../rules/accounts/passwords/rules.js'
import { setPassword } from '../../rules/accounts/passwords/changes.js'

export default defineMethod('app.register.resetPwdByCode', {
  auth: 'app',
  trust: 'anybody',
  async handle({ params: { code, newPwd }, app }, services) {
    // One after the other: only the first of many calls with one token costs a hash.
    await services.turns.take(`mail-token:${code}`, async () => {
      const token = await readMailToken(services, code)
      if (token.purpose !== 'reset-password') throw invalidToken()
      await checkNewPassword(services, newPwd, passwordRuleOf(app))
      await setPassword(services, {
        userId: token.userId,
        password: newPwd,
        before: (services) => consumeMailToken(services, token),
      })
    })
  },
})
