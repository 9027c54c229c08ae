import { listAdmins } from '../../../../db/admins.js'
import { defineMethod } from '../../../../gateway/contract/method.js'

export default defineMethod('manage.console.administrator.list', {
  auth: 'console',
  async handle(_call, { db }) {
    const admins = await listAdmins(db)
    return {
      items: admins.map(({ user_id, user_account, user_role_name, user_admin_ctime: since }) => {
        return { user_id, account: user_account ?? '', role: user_role_name ?? '', since }
      }),
    }
  },
})
