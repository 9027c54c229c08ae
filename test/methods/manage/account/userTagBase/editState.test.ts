import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, forAdministrators, lastEntry, refusalsOf } from '../administrators.js'
import { addGroup, addTag } from '../tags.js'

const path = '/manage/account/userTagBase/editState'

withGateway('manage.account.userTagBase.editState', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
  it('lets a tag be chosen, or not', async () => {
    const id = await addTag(gateway, { tag_title: 'a', tag_group_id: await addGroup(gateway, 'A') })
    const edit = (tag_enable: string) => admin.post(path, { tag_id: String(id), tag_enable })
    expect((await edit('false')).text).to.equal(done)
    expect((await edit('0')).text).to.equal(failed)
    expect(await gateway.db('account_user_tag_base').where({ tag_id: id }).first()).to.include({
      tag_enable: 0,
    })
    expect((await edit('true')).text).to.equal(done)
    expect(await lastEntry(gateway, 'manage.account.userTagBase.editState')).to.include({
      detail: `tag_id ${id}: tag_enable`,
    })
    expect((await admin.post(path, { tag_id: '404', tag_enable: '1' })).text).to.equal(failed)
  })

  it('is for administrators', async () => {
    expect(await refusalsOf(gateway, path)).to.deep.equal(forAdministrators)
  })
})
