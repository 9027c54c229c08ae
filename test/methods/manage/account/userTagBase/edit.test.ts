import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, forAdministrators, lastEntry, refusalsOf } from '../administrators.js'
import { addGroup, addTag } from '../tags.js'

const path = '/manage/account/userTagBase/edit'

withGateway('manage.account.userTagBase.edit', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
  it('changes what differs in the row that is sent back', async () => {
    const [group, other] = [await addGroup(gateway, 'A'), await addGroup(gateway, 'B')]
    const id = await addTag(gateway, { tag_title: 'a', tag_group_id: group })
    const row = { tag_id: String(id), tag_title: 'b', tag_group_id: String(other), tag_sort: '255' }
    expect((await admin.post(path, { ...row, tag_enable: 'false', tag_buildin: 'true' })).text).to.equal(done)
    expect(await gateway.db('account_user_tag_base').where({ tag_id: id }).first()).to.include({
      tag_title: 'b',
      tag_group_id: other,
      tag_enable: 0,
      tag_buildin: 0,
    })
    expect((await lastEntry(gateway, 'manage.account.userTagBase.edit'))?.detail).to.equal(
      `tag_id ${id}: tag_title, tag_group_id, tag_enable`,
    )
    expect((await admin.post(path, row)).text).to.equal(failed)
    expect((await admin.post(path, { ...row, tag_group_id: '404' })).text).to.equal(failed)
    expect((await admin.post(path, { ...row, tag_id: '404', tag_title: 'c' })).text).to.equal(failed)
  })

  it('is for administrators', async () => {
    expect(await refusalsOf(gateway, path)).to.deep.equal(forAdministrators)
  })
})
