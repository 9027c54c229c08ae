import { expect } from 'chai'
import { addConsoleAdmin } from '../../../../console.js'
import { withConsole } from '../suite.js'

withConsole('manage.console.administrator.list', {}, ({ gateway, admin, ask, isOfTheConsole }) => {
  it('lists administrators with account, role and since when, and nothing of a password', async () => {
    const added = await addConsoleAdmin(gateway, { role: '控制台只读' })
    await gateway.addUser()
    const { items } = await ask()
    const rows = items as { user_id: number; since: number }[]
    expect(rows.map(({ user_id }) => user_id)).to.have.members([admin.uid, added.uid])
    const row = rows.find(({ user_id }) => user_id === added.uid)
    expect(row).to.have.all.keys('user_id', 'account', 'role', 'since')
    expect(row).to.include({ account: added.account, role: '控制台只读' })
    expect(row?.since).to.be.closeTo(gateway.clock.now(), 60_000)
  })

  isOfTheConsole()
})
