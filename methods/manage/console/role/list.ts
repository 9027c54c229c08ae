import { listRoles } from '../../../../db/admin-roles.js'
import { defineMethod } from '../../../../gateway/contract/method.js'

export default defineMethod('manage.console.role.list', {
  auth: 'console',
  async handle(_call, { db }) {
    const roles = await listRoles(db)
    return {
      items: roles.map(({ user_role_name: name, user_role_buildin, admins, permissions }) => {
        return { name, built_in: user_role_buildin === 1, admins, permissions: [...permissions] }
      }),
    }
  },
})
