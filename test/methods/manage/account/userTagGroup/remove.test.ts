import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { addOfficer } from '../administrators.js'
import { addGroup, addTag } from '../tags.js'
import { forAdministrators, withAdmin } from '../suite.js'

withAdmin('manage.account.userTagGroup.remove', ({ gateway, path, post, lastEntry, refusals }) => {
  it('removes a group without tags', async () => {
    const id = await addGroup(gateway, 'A')
    const tag_group_id = String(id)
    const tagId = await addTag(gateway, { tag_title: 'a', tag_group_id: id })
    expect(await post({ tag_group_id })).to.equal(failed)
    await gateway.db('account_user_tag_base').where({ tag_id: tagId }).delete()
    expect(await post({ tag_group_id })).to.equal(done)
    expect(await post({ tag_group_id })).to.equal(failed)
    expect((await lastEntry())?.detail).to.equal(`tag_group_id ${id}`)
  })

  it('is for who may remove tags', async () => {
    expect(await refusals()).to.deep.equal(forAdministrators)
    const officer = await addOfficer(gateway, 'userTagBase/remove')
    const tag_group_id = String(await addGroup(gateway, 'B'))
    expect((await officer.post(path, { tag_group_id })).text).to.equal(done)
  })
})
