import { defineMethod } from '../../../../gateway/contract/method.js'
import { isEncrypted, readPassword } from '../../../rules/accounts/passwords/texts.js'
import { checkNewPassword } from '../../../rules/accounts/passwords/rules.js'
import { addUser, readNewUser } from '../../../rules/administration/new-users.js'

export default defineMethod('manage.account.userInfo.add', {
  auth: 'permission',
  async handle(call, services) {
    const { password: sent = '', encrypt, ...fields } = call.params
    const names = await readNewUser(services, fields)
    if (sent === '') return addUser(services, names, { fields, call })
    const password = await readPassword(services, sent, isEncrypted(encrypt))
    await checkNewPassword(services, password, 'legacy')
    return services.passwords.reserve(async (write) =>
      addUser(services, { ...names, written: await write(password) }, { fields, call }),
    )
  },
})
