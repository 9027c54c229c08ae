import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { addOfficer } from '../administrators.js'
import { addGroup } from '../tags.js'
import { forAdministrators, withAdmin } from '../suite.js'

withAdmin('manage.account.userTagGroup.edit', ({ gateway, path, post, lastEntry, refusals }) => {
  it('changes what differs in the row that is sent back', async () => {
    const id = await addGroup(gateway, 'A')
    const row = {
      tag_group_id: String(id),
      tag_group_name: 'B',
      tag_group_sort: '255',
      tag_group_enable: '0',
    }
    expect(await post(row)).to.equal(done)
    expect(await post(row)).to.equal(failed)
    const stored = await gateway.db('account_user_tag_group').where({ tag_group_id: id }).first()
    expect(stored).to.include({ tag_group_name: 'B', tag_group_sort: 255, tag_group_enable: 0 })
    expect((await lastEntry())?.detail).to.equal(`tag_group_id ${id}: tag_group_name, tag_group_enable`)
    expect(await post({ ...row, tag_group_id: '404' })).to.equal(failed)
  })

  it('is for who may edit tags', async () => {
    expect(await refusals()).to.deep.equal(forAdministrators)
    const officer = await addOfficer(gateway, 'userTagBase/edit')
    const row = { tag_group_id: String(await addGroup(gateway, 'C')), tag_group_name: 'D' }
    expect((await officer.post(path, row)).text).to.equal(done)
  })
})
