import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, addOfficer, forAdministrators, lastEntry, refusalsOf } from '../administrators.js'
import { addGroup, addTag } from '../tags.js'

const path = '/manage/account/userTagGroup/remove'

withGateway('manage.account.userTagGroup.remove', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
  it('removes a group without tags', async () => {
    const id = await addGroup(gateway, 'A')
    const tag_group_id = String(id)
    const tagId = await addTag(gateway, { tag_title: 'a', tag_group_id: id })
    expect((await admin.post(path, { tag_group_id })).text).to.equal(failed)
    await gateway.db('account_user_tag_base').where({ tag_id: tagId }).delete()
    expect((await admin.post(path, { tag_group_id })).text).to.equal(done)
    expect((await admin.post(path, { tag_group_id })).text).to.equal(failed)
    expect((await lastEntry(gateway, 'manage.account.userTagGroup.remove'))?.detail).to.equal(
      `tag_group_id ${id}`,
    )
  })

  it('is for who may remove tags', async () => {
    expect(await refusalsOf(gateway, path)).to.deep.equal(forAdministrators)
    const officer = await addOfficer(gateway, 'userTagBase/remove')
    const tag_group_id = String(await addGroup(gateway, 'B'))
    expect((await officer.post(path, { tag_group_id })).text).to.equal(done)
  })
})
