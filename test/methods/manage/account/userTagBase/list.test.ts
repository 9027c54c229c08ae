import { expect } from 'chai'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, forAdministrators, listOf, refusalsOf } from '../administrators.js'
import { addGroup, addTag } from '../tags.js'

const path = '/manage/account/userTagBase/list'

withGateway('manage.account.userTagBase.list', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
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
    const { items, records } = listOf(await admin.get(path, { tag_group_id: String(group), size: '500' }))
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
    expect(listOf(await admin.get(path)).records).to.equal(3)
  })

  it('is for administrators', async () => {
    expect(await refusalsOf(gateway, path, 'GET')).to.deep.equal(forAdministrators)
  })
})
