import { expect } from 'chai'
import { done, loginRequired } from '../../../../answers.js'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin } from '../administrators.js'

const path = '/manage/account/userMessage/clearNotice'

withGateway('manage.account.userMessage.clearNotice', (gateway) => {
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

  it("marks the caller's own notices as read, however many there are", async () => {
    const other = await gateway.addUser()
    const ids = [await notify(admin.uid), await notify(admin.uid)]
    const left = [await notify(admin.uid, { message_type: 2 }), await notify(other.uid)]
    expect((await admin.post(path)).text).to.equal(done)
    expect((await admin.post(path)).text).to.equal(done)
    const unread = gateway.db('account_user_message').where({ message_is_read: 0 })
    expect(await unread.orderBy('message_id').pluck('message_id')).to.deep.equal(left)
    expect(ids).to.have.length(2)
    expect((await gateway.request(path, { method: 'POST' })).text).to.equal(loginRequired)
  })
})
