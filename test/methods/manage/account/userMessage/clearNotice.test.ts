import { expect } from 'chai'
import { done, loginRequired } from '../../../../answers.js'
import { addNotice } from '../messages.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userMessage.clearNotice', ({ gateway, admin, path, post }) => {
  it("marks the caller's own notices as read, however many there are", async () => {
    const other = await gateway.addUser()
    const ids = [await addNotice(gateway, admin.uid), await addNotice(gateway, admin.uid)]
    const left = [
      await addNotice(gateway, admin.uid, { message_type: 2 }),
      await addNotice(gateway, other.uid),
    ]
    expect(await post()).to.equal(done)
    expect(await post()).to.equal(done)
    const unread = gateway.db('account_user_message').where({ message_is_read: 0 })
    expect(await unread.orderBy('message_id').pluck('message_id')).to.deep.equal(left)
    expect(ids).to.have.length(2)
    expect((await gateway.request(path, { method: 'POST' })).text).to.equal(loginRequired)
  })
})
