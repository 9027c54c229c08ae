import { defineMethod } from '../../../../gateway/contract/method.js'
import { readNewcomer } from '../../../rules/accounts/registration-forms.js'
import { isEncrypted, readPassword } from '../../../rules/accounts/password-texts.js'
import { checkNewPassword } from '../../../rules/accounts/passwords.js'
import {
  registerAndSignIn,
  requireRegistration,
  requireUnregistered,
} from '../../../rules/accounts/registrations.js'

const action = 'front.account.login.register'

export default defineMethod(action, {
  auth: 'none',
  limit: { by: 'ip', points: 120, seconds: 3600 },
  async handle({ params, app, ip }, services) {
    requireRegistration(services)
    const { ways, prove } = readNewcomer(params)
    const password = await readPassword(services, params.password, isEncrypted(params.encrypt))
    await checkNewPassword(password, 'legacy', services)
    return services.passwords.reserve(async (hash) => {
      await prove(services)
      await requireUnregistered(services, ways)
      const passwordHash = await hash(password)
      return registerAndSignIn(services, { ...ways, passwordHash }, { ip, app, action })
    })
  },
})
