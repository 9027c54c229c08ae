import { defineMethod } from '../../../../gateway/contract/method.js'
import { takeCaptcha } from '../../../rules/codes/captchas.js'
import { isEncrypted, readPassword } from '../../../rules/accounts/password-texts.js'
import { authenticate } from '../../../rules/accounts/authentication.js'
import { signInUnlocked } from '../../../rules/accounts/sign-ins.js'

const action = 'front.account.login.login'

export default defineMethod(action, {
  auth: 'none',
  limit: { by: 'ip', points: 120, seconds: 60 },
  async handle({ params, app, ip }, services) {
    const { userAccount, verifyKey = '', verifyCode = '' } = params
    if (verifyKey !== '') await takeCaptcha(services, verifyKey, verifyCode)
    const password = await readPassword(services, params.password, isEncrypted(params.encrypt))
    const user = await authenticate(services, { name: userAccount, password, ip, action })
    return signInUnlocked(services, user, { ip, app, action })
  },
})
