import { expect } from 'chai'
import { listRoles } from '../../../db/admin-roles.js'
import { keepReadOnlyRole, listSafePaths } from '../../../gateway/start/read-only-role.js'
import { readOnlyRole } from '../../../methods/rules/operation/roles.js'
import { permissionDenied } from '../../answers.js'
import { consoleSession } from '../../console.js'
import { withGateway } from '../../suite.js'

withGateway('the built-in role for readers', { CONSOLE: 'on' }, (gateway) => {
  const pathsNow = async () =>
    (await listRoles(gateway.db)).find(({ user_role_name }) => user_role_name === readOnlyRole)?.permissions

  it('includes every path below /manage that changes nothing, and no other', async () => {
    const paths = await pathsNow()
    expect(paths).to.deep.equal(listSafePaths())
    expect(paths).to.include.members(['/manage/account/user/list', '/manage/account/audit/list'])
    for (const path of paths ?? []) {
      const method = gateway.gateway.table.ofConsole.get(path.slice(1).replaceAll('/', '.'))
      expect(method?.isSafe, path).to.equal(true)
    }
  })

  it('lets its administrators look, and change nothing but their own account', async () => {
    const { call } = await consoleSession(gateway, { role: readOnlyRole })
    expect((await call('manage.account.user.list')).json).to.include({ code: 0 })
    expect((await call('manage.console.account.get')).json).to.include({ code: 0 })
    for (const { name, isSafe, ownAccount, auth } of gateway.gateway.table.ofConsole.values()) {
      if (isSafe || ownAccount !== undefined || auth === 'user') continue
      expect((await call(name)).text, name).to.equal(permissionDenied)
    }
  })

  it('is brought up to date by each start, and left alone where it is somebody’s own', async () => {
    const role = () => gateway.db('admin_user_role').where({ user_role_name: readOnlyRole })
    await role().update({ menu_ids: '' })
    await keepReadOnlyRole(gateway.services)
    expect(await pathsNow()).to.deep.equal(listSafePaths())
    await role().update({ menu_ids: '', user_role_buildin: 0 })
    await keepReadOnlyRole(gateway.services)
    expect(await pathsNow()).to.deep.equal([])
  })
})
