import { GatewayError, isError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { changeOwnPassword } from '../../../rules/accounts/passwords/changes.js'
import { isEncrypted, readPassword } from '../../../rules/accounts/passwords/texts.js'
import { checkNewPassword } from '../../../rules/accounts/passwords/rules.js'
import { requireHashRoom } from '../../../rules/accounts/passwords/passwords.js'

export default defineMethod('front.account.login.changePassword', {
  auth: 'user',
  limit: { by: 'ip', points: 120, seconds: 60 },
  async handle(call, services) {
    const { params } = call
    const read = (text: string) => readPassword(services, text, isEncrypted(params.encrypt))
    const password = await read(params.password)
    await checkNewPassword(services, password, 'legacy')
    requireHashRoom(services)
    try {
      await changeOwnPassword(services, { oldPassword: await read(params.oldPassword), password }, call)
    } catch (error) {
      throw isError(error, 'OLD_PASSWORD_WRONG') ? new GatewayError('OLD_PASSWORD_REFUSED') : error
    }
  },
})
