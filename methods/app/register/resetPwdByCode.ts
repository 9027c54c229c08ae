import { defineMethod } from '../../../gateway/method.js'
import { consumeMailToken, invalidToken, readMailToken } from '../../rules/mail-tokens.js'
import { checkNewPassword, setPassword } from '../../rules/passwords.js'

export default defineMethod('app.register.resetPwdByCode', {
  auth: 'app',
  async handle({ params, app }, services) {
    const token = await readMailToken(services, params.code)
    if (token.purpose !== 'reset-password') throw invalidToken()
    checkNewPassword(params.newPwd, app, services)
    await setPassword(services, {
      userId: token.userId,
      password: params.newPwd,
      before: (db) => consumeMailToken(db, token),
    })
  },
})
