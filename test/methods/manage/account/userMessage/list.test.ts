import { expect } from 'chai'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, forAdministrators, listOf, refusalsOf } from '../administrators.js'

const path = '/manage/account/userMessage/list'

withGateway('manage.account.userMessage.list', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
  const notify = async (user_id: number, more: object = {}) => {
    const [id = 0] = await gateway.db('account_user_message').insert({
      user_id,
      message_kind: 2,
      message_type: 1,
      message_title: 'title',
      message_content: 'text',
      message_time: Date.now(),
      ...more,
    })
    return id
  }

  it('shows the rows of all users, the newest first', async () => {
    const [one, two] = [await gateway.addUser({ nickname: '甲' }), await gateway.addUser()]
    const first = await notify(one.uid, { user_nickname: '甲', message_time: 5 })
    const second = await notify(two.uid, { message_kind: 1, message_type: 2, message_is_read: 1 })
    const all = listOf(await admin.get(path, { size: '500' }))
    expect(all.items.map(({ message_id }) => message_id)).to.deep.equal([second, first])
    const { items, records } = listOf(await admin.get(path, { user_id: String(one.uid) }))
    expect(records).to.equal(1)
    expect(items[0]).to.include({
      message_id: first,
      message_parent_id: 0,
      user_id: one.uid,
      user_nickname: '甲',
      message_kind: 2,
      user_other_id: 0,
      message_title: 'title',
      message_content: 'text',
      message_time: 5,
      message_is_read: false,
      message_is_delete: false,
      message_type: 1,
    })
    expect(all.items[0]).to.include({ message_is_read: true, message_kind: 1 })
  })

  it('is for administrators', async () => {
    expect(await refusalsOf(gateway, path, 'GET')).to.deep.equal(forAdministrators)
  })
})
