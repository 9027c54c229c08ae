import { expect } from 'chai'
import { addGroup, addTag } from '../tags.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userTagBase.list', ({ gateway, list, refusesOthers }) => {
  it('shows the tags of a group by their place', async () => {
    const [group, other] = [await addGroup(gateway, 'A'), await addGroup(gateway, 'B')]
    const last = await addTag(gateway, { tag_title: 'last', tag_group_id: group, tag_sort: 9 })
    const first = await addTag(gateway, {
      tag_title: 'first',
      tag_group_id: group,
      tag_sort: 1,
      tag_enable: 0,
    })
    await addTag(gateway, { tag_title: 'elsewhere', tag_group_id: other })
    const { items, records } = await list({ tag_group_id: String(group), size: '500' })
    expect(records).to.equal(2)
    expect(items).to.deep.equal([
      {
        tag_id: first,
        tag_title: 'first',
        tag_group_id: group,
        tag_sort: 1,
        tag_enable: false,
        tag_buildin: false,
      },
      {
        tag_id: last,
        tag_title: 'last',
        tag_group_id: group,
        tag_sort: 9,
        tag_enable: true,
        tag_buildin: false,
      },
    ])
    expect((await list()).records).to.equal(3)
  })

  refusesOthers('GET')
})
