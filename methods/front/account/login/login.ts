import { defineMethod } from '../../../../gateway/contract/method.js'
import { takeCaptcha } from '../../../rules/codes/captchas.js'
import { isEncrypted, readPassword } from '../../../rules/accounts/passwords/texts.js'
import { renewHash } from '../../../rules/accounts/passwords/passwords.js'
import { authenticate } from '../../../rules/accounts/authentication.js'
import { signInUnlocked } from '../../../rules/accounts/sign-ins.js'

export default defineMethod('front.account.login.login', {
  auth: 'none',
  limit: { by: 'ip', points: 120, seconds: 60 },
  async handle(call, services) {
    const { params } = call
    const { userAccount, verifyKey = '', verifyCode = '' } = params
    if (verifyKey !== '') await takeCaptcha(services, verifyKey, verifyCode)
    const password = await readPassword(services, params.password, isEncrypted(params.encrypt))
    const user = await authenticate(services, { name: userAccount, password }, call)
    const answer = await signInUnlocked(services, user, call)
    await renewHash(services, user, password)
    return answer
  },
})
