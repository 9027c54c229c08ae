import { defineMethod } from '../../../../gateway/contract/method.js'
import { changeOwnPassword } from '../../../rules/accounts/password-changes.js'
import { isEncrypted, readPassword } from '../../../rules/accounts/password-texts.js'
import { checkNewPassword, requireHashRoom } from '../../../rules/accounts/passwords.js'

const action = 'front.account.login.changePassword'

export default defineMethod(action, {
  auth: 'user',
  limit: { by: 'ip', points: 120, seconds: 60 },
  async handle({ params, session, ip }, services) {
    const read = (text: string) => readPassword(services, text, isEncrypted(params.encrypt))
    const password = await read(params.password)
    await checkNewPassword(password, 'legacy', services)
    requireHashRoom(services)
    await changeOwnPassword(services, session, await read(params.oldPassword), { password, ip, action })
  },
})
