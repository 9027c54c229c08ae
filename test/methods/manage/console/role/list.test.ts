import { expect } from 'chai'
import { addConsoleAdmin } from '../../../../console.js'
import { findRole, makeRole } from '../ranks.js'
import { withConsole } from '../suite.js'

withConsole('manage.console.role.list', {}, ({ gateway, admin, isOfTheConsole }) => {
  it('lists roles with their paths and how many have them, those of the server marked', async () => {
    await makeRole(admin, '客服', '/manage/account/user/get')
    expect(await findRole(admin, '客服')).to.deep.equal({
      name: '客服',
      built_in: false,
      admins: 0,
      permissions: ['/manage/account/user/get'],
    })
    await addConsoleAdmin(gateway, { role: '客服' })
    expect(await findRole(admin, '客服')).to.include({ admins: 1 })
    for (const name of ['管理员', '控制台只读'])
      expect(await findRole(admin, name)).to.include({ built_in: true })
  })

  isOfTheConsole()
})
