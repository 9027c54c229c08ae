import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, addOfficer, forAdministrators, lastEntry, refusalsOf } from '../administrators.js'
import { addGroup } from '../tags.js'

const path = '/manage/account/userTagGroup/edit'

withGateway('manage.account.userTagGroup.edit', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
  it('changes what differs in the row that is sent back', async () => {
    const id = await addGroup(gateway, 'A')
    const row = {
      tag_group_id: String(id),
      tag_group_name: 'B',
      tag_group_sort: '255',
      tag_group_enable: '0',
    }
    expect((await admin.post(path, row)).text).to.equal(done)
    expect((await admin.post(path, row)).text).to.equal(failed)
    const stored = await gateway.db('account_user_tag_group').where({ tag_group_id: id }).first()
    expect(stored).to.include({ tag_group_name: 'B', tag_group_sort: 255, tag_group_enable: 0 })
    expect((await lastEntry(gateway, 'manage.account.userTagGroup.edit'))?.detail).to.equal(
      `tag_group_id ${id}: tag_group_name, tag_group_enable`,
    )
    expect((await admin.post(path, { ...row, tag_group_id: '404' })).text).to.equal(failed)
  })

  it('is for who may edit tags', async () => {
    expect(await refusalsOf(gateway, path)).to.deep.equal(forAdministrators)
    const officer = await addOfficer(gateway, 'userTagBase/edit')
    const row = { tag_group_id: String(await addGroup(gateway, 'C')), tag_group_name: 'D' }
    expect((await officer.post(path, row)).text).to.equal(done)
  })
})
