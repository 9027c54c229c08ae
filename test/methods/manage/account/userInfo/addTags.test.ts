import { expect } from 'chai'
import { done, failed, refusal } from '../../../../answers.js'
import { addOfficer } from '../administrators.js'
import { forAdministrators, withAdmin } from '../suite.js'

withAdmin('manage.account.userInfo.addTags', ({ gateway, path, send, post, lastEntry, refusals }) => {
  const tagsOf = (userIds: readonly number[]) =>
    gateway
      .db('account_user_info')
      .whereIn('user_id', [...userIds])
      .orderBy('user_id')
      .pluck('tag_ids')

  it('gives all of these users these tags, in place of theirs', async () => {
    const users = [await gateway.addUser(), await gateway.addUser()].map(({ uid }) => uid)
    expect(await post({ user_ids: users.join(','), tag_ids: '5, 3,5' })).to.equal(done)
    expect(await tagsOf(users)).to.deep.equal(['5,3', '5,3'])
    const [first = 0] = users
    expect(await post({ user_ids: String(first), tag_ids: '7' })).to.equal(done)
    expect(await tagsOf(users)).to.deep.equal(['7', '5,3'])
    expect(await post({ user_ids: String(first), tag_ids: '' })).to.equal(done)
    expect(await tagsOf(users)).to.deep.equal(['', '5,3'])
    expect(await lastEntry()).to.include({ target_id: first })
  })

  it('gives them to all or none', async () => {
    const { uid } = await gateway.addUser()
    expect(await post({ user_ids: `${uid},404404`, tag_ids: '3' })).to.equal(failed)
    expect(await tagsOf([uid])).to.deep.equal([''])
    expect(await post({ tag_ids: '3' })).to.equal(refusal(0, '用户编号为空', 'USER_IDS_MISSING'))
    expect((await send({ user_ids: '', tag_ids: '3' })).json?.['error']).to.equal('USER_IDS_MISSING')
  })

  it('is for who may edit users', async () => {
    expect(await refusals()).to.deep.equal(forAdministrators)
    const officer = await addOfficer(gateway, 'userInfo/edit')
    const { uid } = await gateway.addUser()
    expect((await officer.post(path, { user_ids: String(uid), tag_ids: '3' })).text).to.equal(done)
  })
})
