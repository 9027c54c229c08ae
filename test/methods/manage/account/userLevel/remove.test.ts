import { expect } from 'chai'
import { done, failed, refusal } from '../../../../answers.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userLevel.remove', ({ gateway, post, lastEntry, refusesOthers }) => {
  const add = async () => {
    const [id = 0] = await gateway.db('account_user_level').insert({ user_level_name: 'new' })
    return String(id)
  }

  it('removes a level that nobody has', async () => {
    const user_level_id = await add()
    expect(await post({ user_level_id })).to.equal(done)
    expect(await post({ user_level_id })).to.equal(failed)
    expect((await lastEntry())?.detail).to.equal(`user_level_id ${user_level_id}`)
  })

  it('leaves built-in ones, and those that a user has', async () => {
    expect(await post({ user_level_id: '1001' })).to.equal(refusal(0, '系统内置，不可删除', 'LEVEL_BUILT_IN'))
    const user_level_id = await add()
    const { uid } = await gateway.addUser()
    await gateway
      .db('account_user_info')
      .where({ user_id: uid })
      .update({ user_level_id: Number(user_level_id) })
    expect(await post({ user_level_id })).to.equal(refusal(0, '仍有用户属于该等级，不可删除', 'LEVEL_IN_USE'))
  })

  refusesOthers()
})
