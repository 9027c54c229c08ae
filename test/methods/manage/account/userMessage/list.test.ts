import { expect } from 'chai'
import { addNotice } from '../messages.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userMessage.list', ({ gateway, list, refusesOthers }) => {
  it('shows the rows of all users, the newest first', async () => {
    const [one, two] = [await gateway.addUser({ nickname: '甲' }), await gateway.addUser()]
    const first = await addNotice(gateway, one.uid, { user_nickname: '甲', message_time: 5 })
    const second = await addNotice(gateway, two.uid, { message_kind: 1, message_type: 2, message_is_read: 1 })
    const all = await list({ size: '500' })
    expect(all.items.map(({ message_id }) => message_id)).to.deep.equal([second, first])
    const { items, records } = await list({ user_id: String(one.uid) })
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

  refusesOthers('GET')
})
