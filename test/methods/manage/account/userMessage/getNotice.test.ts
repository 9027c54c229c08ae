import { expect } from 'chai'
import { loginRequired } from '../../../../answers.js'
import { dataOf } from '../../../../harness.js'
import { addNotice } from '../messages.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userMessage.getNotice', ({ gateway, admin, path, ask }) => {
  it("shows the caller's own unread notices of ten days", async () => {
    const day = 86_400_000
    await gateway.db('account_user_info').where({ user_id: admin.uid }).update({ user_avatar: '/a.png' })
    const older = await addNotice(gateway, admin.uid, { message_time: Date.now() - 9 * day })
    const newer = await addNotice(gateway, admin.uid)
    await addNotice(gateway, admin.uid, { message_time: Date.now() - 11 * day })
    await addNotice(gateway, admin.uid, { message_is_read: 1 })
    await addNotice(gateway, admin.uid, { message_type: 2 })
    await addNotice(gateway, (await gateway.addUser()).uid)
    const data = dataOf<{ items: Record<string, unknown>[]; total: number }>((await ask()).json)
    expect(data.total).to.equal(2)
    expect(data.items.map(({ message_id }) => message_id)).to.deep.equal([newer, older])
    expect(data.items[0]).to.include({
      message_content: 'text',
      message_is_read: false,
      user_avatar: 'http://passport.test/a.png',
    })
  })

  it('is for whoever is signed in', async () => {
    const token = await (await gateway.addUser()).startSession()
    const { json } = await gateway.request(`${path}?perm_key=${token}`)
    expect(json?.data).to.deep.equal({ items: [], total: 0 })
    expect((await gateway.request(path)).text).to.equal(loginRequired)
  })
})
