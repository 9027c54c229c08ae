import { defined } from '../../../../gateway/wire/defined-fields.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { readRegistrationForm } from '../../../rules/accounts/registration-forms.js'
import { isEncrypted, readPassword } from '../../../rules/accounts/passwords/texts.js'
import { cleanNickname } from '../../../rules/profiles/nicknames.js'
import { requireShown } from '../../../rules/profiles/permitted-texts.js'
import { checkNewPassword } from '../../../rules/accounts/passwords/rules.js'
import {
  registerAndSignIn,
  requireRegistration,
  requireUnregistered,
} from '../../../rules/accounts/registrations.js'

export default defineMethod('front.account.login.register', {
  auth: 'none',
  limit: { by: 'ip', points: 120, seconds: 3600 },
  async handle(call, services) {
    const { params } = call
    requireRegistration(services)
    const { ways, prove } = readRegistrationForm(params)
    const shown = {
      nickname: params.userNickname?.trim() ? cleanNickname(params.userNickname) : undefined,
      avatar: params.userAvatar?.trim(),
    }
    requireShown(shown)
    const password = await readPassword(services, params.password, isEncrypted(params.encrypt))
    await checkNewPassword(services, password, 'legacy')
    return services.passwords.reserve(async (write) => {
      await prove(services, call)
      await requireUnregistered(services, { ...ways, nickname: shown.nickname })
      const written = await write(password)
      return registerAndSignIn(services, { ...ways, ...defined(shown), ...written }, call)
    })
  },
})
