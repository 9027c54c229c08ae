import { expect } from 'chai'
import { loginRequired } from '../../../../answers.js'
import { addGroup, addTag } from '../tags.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userTagGroup.tree', ({ gateway, path, send }) => {
  it('shows the tags that can be chosen, by groups, to whoever is signed in', async () => {
    const member = await gateway.addUser()
    const read = async () =>
      (await gateway.request(`${path}?perm_key=${await member.startSession()}&size=500`)).json?.data
    expect(await read()).to.deep.equal([])
    const later = await addGroup(gateway, 'later')
    const first = await addGroup(gateway, 'first', { tag_group_sort: 1 })
    const off = await addGroup(gateway, 'off', { tag_group_enable: 0 })
    await addGroup(gateway, 'empty')
    const one = await addTag(gateway, { tag_title: 'one', tag_group_id: later })
    const two = await addTag(gateway, { tag_title: 'two', tag_group_id: first })
    await addTag(gateway, { tag_title: 'hidden', tag_group_id: first, tag_enable: 0 })
    await addTag(gateway, { tag_title: 'in a group that is off', tag_group_id: off })
    const tag = (tag_id: number, tag_title: string, tag_group_id: number) => ({
      tag_id,
      tag_title,
      tag_group_id,
      tag_sort: 255,
      tag_enable: true,
      tag_buildin: false,
    })
    expect(await read()).to.deep.equal([
      { tag_title: 'first', children: [tag(two, 'two', first)] },
      { tag_title: 'later', children: [tag(one, 'one', later)] },
    ])
    expect((await gateway.request(path)).text).to.equal(loginRequired)
    expect((await send()).status).to.equal(405)
  })
})
