import { expect } from 'chai'
import { done } from '../../../../answers.js'
import { addOfficer } from '../administrators.js'
import { forAdministrators, withAdmin } from '../suite.js'

withAdmin('manage.account.userTagGroup.add', ({ gateway, path, post, lastEntry, refusals }) => {
  it('adds a group', async () => {
    expect(await post({ tag_group_name: '消费', tag_group_sort: '2' })).to.equal(done)
    const [row] = await gateway.db('account_user_tag_group')
    expect(row).to.include({
      tag_group_name: '消费',
      tag_group_sort: 2,
      tag_group_enable: 1,
      tag_group_buildin: 0,
    })
    expect((await lastEntry())?.detail).to.equal(`tag_group_id ${row?.tag_group_id}`)
  })

  it('is for who may add tags', async () => {
    expect(await refusals()).to.deep.equal(forAdministrators)
    const officer = await addOfficer(gateway, 'userTagBase/add')
    expect((await officer.post(path, { tag_group_name: 'B' })).text).to.equal(done)
  })
})
