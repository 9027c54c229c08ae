import { defineMethod } from '../../../../gateway/contract/method.js'
import { defined } from '../../../../gateway/wire/defined-fields.js'
import { describeFoundUser, findUserPage } from '../../../rules/support/found-users.js'

export default defineMethod('manage.console.user.list', {
  auth: 'console',
  async handle({ params }, services) {
    const { query, user_state: state, after, size: most } = params
    const { users, next } = await findUserPage(services, { query, after, most, ...defined({ state }) })
    return { items: users.map((user) => describeFoundUser(services, user)), next }
  },
})
