import { expect } from 'chai'
import { done, failed, refusal } from '../../../../answers.js'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, forAdministrators, lastEntry, refusalsOf } from '../administrators.js'

const path = '/manage/account/userLevel/remove'

withGateway('manage.account.userLevel.remove', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
  const add = async () => {
    const [id = 0] = await gateway.db('account_user_level').insert({ user_level_name: 'new' })
    return String(id)
  }

  it('removes a level that nobody has', async () => {
    const user_level_id = await add()
    expect((await admin.post(path, { user_level_id })).text).to.equal(done)
    expect((await admin.post(path, { user_level_id })).text).to.equal(failed)
    expect((await lastEntry(gateway, 'manage.account.userLevel.remove'))?.detail).to.equal(
      `user_level_id ${user_level_id}`,
    )
  })

  it('leaves built-in ones, and those that a user has', async () => {
    expect((await admin.post(path, { user_level_id: '1001' })).text).to.equal(
      refusal(0, '系统内置，不可删除', 'LEVEL_BUILT_IN'),
    )
    const user_level_id = await add()
    const { uid } = await gateway.addUser()
    await gateway
      .db('account_user_info')
      .where({ user_id: uid })
      .update({ user_level_id: Number(user_level_id) })
    expect((await admin.post(path, { user_level_id })).text).to.equal(
      refusal(0, '仍有用户属于该等级，不可删除', 'LEVEL_IN_USE'),
    )
  })

  it('is for administrators', async () => {
    expect(await refusalsOf(gateway, path)).to.deep.equal(forAdministrators)
  })
})
