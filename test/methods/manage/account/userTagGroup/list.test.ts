import { expect } from 'chai'
import { permissionDenied } from '../../../../answers.js'
import { addOfficer } from '../administrators.js'
import { addGroup } from '../tags.js'
import { forAdministrators, withAdmin } from '../suite.js'

withAdmin('manage.account.userTagGroup.list', ({ gateway, path, list, refusals }) => {
  it('shows the groups by their place', async () => {
    const last = await addGroup(gateway, 'last')
    const first = await addGroup(gateway, 'first', { tag_group_sort: 1, tag_group_enable: 0 })
    const { items } = await list({ page: '1', size: '500' })
    expect(items).to.deep.equal([
      {
        tag_group_id: first,
        tag_group_name: 'first',
        tag_group_sort: 1,
        tag_group_enable: false,
        tag_group_buildin: false,
      },
      {
        tag_group_id: last,
        tag_group_name: 'last',
        tag_group_sort: 255,
        tag_group_enable: true,
        tag_group_buildin: false,
      },
    ])
  })

  it('is for who may list tags', async () => {
    expect(await refusals('GET')).to.deep.equal(forAdministrators)
    const officer = await addOfficer(gateway, 'userTagBase/list')
    expect((await officer.get(path)).json?.code).to.equal(0)
    const other = await addOfficer(gateway, 'userTagGroup/list')
    expect((await other.get(path)).text).to.equal(permissionDenied)
  })
})
