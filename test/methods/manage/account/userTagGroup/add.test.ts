import { expect } from 'chai'
import { done } from '../../../../answers.js'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, addOfficer, forAdministrators, lastEntry, refusalsOf } from '../administrators.js'

const path = '/manage/account/userTagGroup/add'

withGateway('manage.account.userTagGroup.add', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
  it('adds a group', async () => {
    expect((await admin.post(path, { tag_group_name: '消费', tag_group_sort: '2' })).text).to.equal(done)
    const [row] = await gateway.db('account_user_tag_group')
    expect(row).to.include({
      tag_group_name: '消费',
      tag_group_sort: 2,
      tag_group_enable: 1,
      tag_group_buildin: 0,
    })
    expect((await lastEntry(gateway, 'manage.account.userTagGroup.add'))?.detail).to.equal(
      `tag_group_id ${row?.tag_group_id}`,
    )
  })

  it('is for who may add tags', async () => {
    expect(await refusalsOf(gateway, path)).to.deep.equal(forAdministrators)
    const officer = await addOfficer(gateway, 'userTagBase/add')
    expect((await officer.post(path, { tag_group_name: 'B' })).text).to.equal(done)
  })
})
