import { expect } from 'chai'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userLoginHistory.list', ({ gateway, list, refusesOthers }) => {
  it('shows the sign-ins, the newest first', async () => {
    const row = { user_account: 'a1', user_login_ip: '2001:db8::1', user_login_time: 5, user_login_state: 1 }
    await gateway.db('account_user_login_history').insert([
      { ...row, user_id: 1 },
      { ...row, user_id: 2, user_account: 'a2' },
      { ...row, user_id: 2, user_account: 'a2', user_login_ip: '192.0.2.1', user_login_state: 0 },
    ])
    const find = async (params: Record<string, string>) =>
      (await list(params)).items.map(({ user_id, user_login_ip }) => [user_id, user_login_ip])
    const all = [
      [2, '192.0.2.1'],
      [2, '2001:db8::1'],
      [1, '2001:db8::1'],
    ]
    expect(await find({})).to.deep.equal(all)
    expect(await find({ user_id: '2' })).to.deep.equal(all.slice(0, 2))
    expect(await find({ user_account: 'a1' })).to.deep.equal(all.slice(2))
    expect(await find({ user_login_ip: '2001:db8::1', user_account: '' })).to.deep.equal(all.slice(1))
    const [newest] = (await list({ user_login_ip: '192.0.2.1' })).items
    expect(newest).to.include({ user_account: 'a2', user_login_time: 5, user_login_state: false })
  })

  refusesOthers('GET')
})
