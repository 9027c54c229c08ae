import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { addGroup } from '../tags.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userTagBase.add', ({ gateway, post, lastEntry, refusesOthers }) => {
  it('adds a tag to a group there is', async () => {
    const group = await addGroup(gateway, 'A')
    const tag = { tag_title: '老客户', tag_group_id: String(group) }
    expect(await post(tag)).to.equal(done)
    expect(await post({ ...tag, tag_title: '新', tag_sort: '3', tag_enable: '0' })).to.equal(done)
    const rows = await gateway.db('account_user_tag_base').orderBy('tag_id')
    expect(rows.map((row) => [row.tag_title, row.tag_group_id, row.tag_sort, row.tag_enable])).to.deep.equal([
      ['老客户', group, 255, 1],
      ['新', group, 3, 0],
    ])
    expect((await lastEntry())?.detail).to.equal(`tag_id ${rows[1]?.tag_id}`)
    expect(await post({ ...tag, tag_group_id: '404' })).to.equal(failed)
  })

  refusesOthers()
})
