import { expect } from 'chai'
import { loginRequired } from '../../../../answers.js'
import { listOf } from '../administrators.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userLevel.list', ({ gateway, path, list }) => {
  it('shows the levels to whoever is signed in, lowest first', async () => {
    const member = await (await gateway.addUser()).startSession()
    const answer = await gateway.request(`${path}?perm_key=${member}&size=500`)
    const { items, records } = listOf(answer)
    expect(records).to.equal(3)
    expect(items[0]).to.deep.equal({
      user_level_id: 1001,
      user_level_name: 'vip1',
      user_level_exp: 100,
      user_level_spend: 0,
      user_level_logo: '',
      user_level_rate: 100,
      user_level_time: 0,
      user_level_is_buildin: true,
    })
    expect((await gateway.request(path)).text).to.equal(loginRequired)
  })

  it('finds a part of a name', async () => {
    const ids = async (user_level_name: string) =>
      (await list({ user_level_name })).items.map(({ user_level_id }) => user_level_id)
    expect(await ids('2')).to.deep.equal([1002])
    expect(await ids('ip')).to.deep.equal([1001, 1002, 1003])
    expect(await ids('')).to.deep.equal([1001, 1002, 1003])
    expect(await ids('%')).to.deep.equal([])
  })
})
