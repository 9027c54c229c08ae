import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { forAdministrators, withAdmin } from '../suite.js'

withAdmin('manage.account.userLevel.edit', ({ gateway, post, lastEntry, refusals }) => {
  const level = () => gateway.db('account_user_level').where({ user_level_id: 1002 }).first()

  it('changes what differs in the row that is sent back', async () => {
    const before = await level()
    const row = { ...before, user_level_rate: 90, user_level_is_buildin: 'false' }
    const sent = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]))
    expect(await post({ ...sent, user_level_spend: '2' })).to.equal(done)
    const after = await level()
    expect([Number(after?.user_level_rate), after?.user_level_name]).to.deep.equal([90, 'vip2'])
    expect(after?.user_level_is_buildin).to.equal(before?.user_level_is_buildin)
    expect(after?.user_level_time).to.be.above(0)
    expect((await lastEntry())?.detail).to.equal('user_level_id 1002: user_level_rate')
    expect(await post({ user_level_id: '1002', user_level_rate: '90' })).to.equal(failed)
  })

  it('is for administrators, and for a level there is', async () => {
    expect(await refusals()).to.deep.equal(forAdministrators)
    expect(await post({ user_level_id: '404', user_level_rate: '90' })).to.equal(failed)
    expect(await post()).to.equal(failed)
  })
})
