import { type ManagedUserRow, managedUserList } from '../../../../db/managed-users.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { readMobile } from '../../../rules/contacts/account-mobiles.js'
import { normaliseEmail } from '../../../rules/contacts/emails.js'
import { answerList } from '../../../rules/lists.js'
import { describeManagedUser } from '../../../rules/profiles/managed-users.js'
import { toE164 } from '../../../rules/contacts/mobiles.js'

export default defineMethod('manage.account.user.list', {
  auth: 'permission',
  async handle(call, services) {
    const list = {
      definition: managedUserList,
      describe: (row: ManagedUserRow) => describeManagedUser(row, services.config),
    }
    const { user_mobile: mobile = '', user_email: email = '' } = call.params
    // As they are owned; what is no number is looked for as it is, and found nowhere.
    const number = readMobile(mobile)
    const owned = { user_mobile: number ? toE164(number) : mobile, user_email: normaliseEmail(email) }
    return answerList(services, list, { ...call, params: { ...call.params, ...owned } })
  },
})
