import { expect } from 'chai'
import { done } from '../../../../answers.js'
import { listOf } from '../administrators.js'
import { forAdministrators, withAdmin } from '../suite.js'

withAdmin('manage.account.userLevel.add', ({ admin, send, post, lastEntry, refusals }) => {
  it('adds a level, which is no built-in one', async () => {
    const fields = {
      user_level_name: 'gold',
      user_level_exp: '500',
      user_level_spend: '1000',
      user_level_logo: '/gold.png',
      user_level_rate: '88',
    }
    expect(await post({ ...fields, user_level_is_buildin: 'true' })).to.equal(done)
    const { items } = listOf(await admin.get('/manage/account/userLevel/list', { user_level_name: 'gold' }))
    expect(items).to.have.length(1)
    expect(items[0]).to.include({
      user_level_name: 'gold',
      user_level_exp: 500,
      user_level_spend: 1000,
      user_level_logo: '/gold.png',
      user_level_rate: 88,
      user_level_is_buildin: false,
    })
    expect(Number(items[0]?.['user_level_time'])).to.be.closeTo(Date.now(), 60_000)
    expect(await lastEntry()).to.include({ actor_id: admin.uid })
  })

  it('is for administrators, and wants a name', async () => {
    expect(await refusals()).to.deep.equal(forAdministrators)
    expect((await send({ user_level_exp: '1' })).json?.['error']).to.equal('PARAM_ERROR')
  })
})
