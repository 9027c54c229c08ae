import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { addGroup, addTag } from '../tags.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userTagBase.edit', ({ gateway, post, lastEntry, refusesOthers }) => {
  it('changes what differs in the row that is sent back', async () => {
    const [group, other] = [await addGroup(gateway, 'A'), await addGroup(gateway, 'B')]
    const id = await addTag(gateway, { tag_title: 'a', tag_group_id: group })
    const row = { tag_id: String(id), tag_title: 'b', tag_group_id: String(other), tag_sort: '255' }
    expect(await post({ ...row, tag_enable: 'false', tag_buildin: 'true' })).to.equal(done)
    expect(await gateway.db('account_user_tag_base').where({ tag_id: id }).first()).to.include({
      tag_title: 'b',
      tag_group_id: other,
      tag_enable: 0,
      tag_buildin: 0,
    })
    expect((await lastEntry())?.detail).to.equal(`tag_id ${id}: tag_title, tag_group_id, tag_enable`)
    expect(await post(row)).to.equal(failed)
    expect(await post({ ...row, tag_group_id: '404' })).to.equal(failed)
    expect(await post({ ...row, tag_id: '404', tag_title: 'c' })).to.equal(failed)
  })

  refusesOthers()
})
