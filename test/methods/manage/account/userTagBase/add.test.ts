import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, forAdministrators, lastEntry, refusalsOf } from '../administrators.js'
import { addGroup } from '../tags.js'

const path = '/manage/account/userTagBase/add'

withGateway('manage.account.userTagBase.add', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
  it('adds a tag to a group there is', async () => {
    const group = await addGroup(gateway, 'A')
    const tag = { tag_title: '老客户', tag_group_id: String(group) }
    expect((await admin.post(path, tag)).text).to.equal(done)
    expect(
      (await admin.post(path, { ...tag, tag_title: '新', tag_sort: '3', tag_enable: '0' })).text,
    ).to.equal(done)
    const rows = await gateway.db('account_user_tag_base').orderBy('tag_id')
    expect(rows.map((row) => [row.tag_title, row.tag_group_id, row.tag_sort, row.tag_enable])).to.deep.equal([
      ['老客户', group, 255, 1],
      ['新', group, 3, 0],
    ])
    expect((await lastEntry(gateway, 'manage.account.userTagBase.add'))?.detail).to.equal(
      `tag_id ${rows[1]?.tag_id}`,
    )
    expect((await admin.post(path, { ...tag, tag_group_id: '404' })).text).to.equal(failed)
  })

  it('is for administrators', async () => {
    expect(await refusalsOf(gateway, path)).to.deep.equal(forAdministrators)
  })
})
