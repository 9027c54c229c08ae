import { expect } from 'chai'
import { loginRequired } from '../../../../answers.js'
import { dataOf } from '../../../../harness.js'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin } from '../administrators.js'

const path = '/manage/account/userMessage/getNotice'

withGateway('manage.account.userMessage.getNotice', (gateway) => {
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

  it("shows the caller's own unread notices of ten days", async () => {
    const day = 86_400_000
    await gateway.db('account_user_info').where({ user_id: admin.uid }).update({ user_avatar: '/a.png' })
    const older = await notify(admin.uid, { message_time: Date.now() - 9 * day })
    const newer = await notify(admin.uid)
    await notify(admin.uid, { message_time: Date.now() - 11 * day })
    await notify(admin.uid, { message_is_read: 1 })
    await notify(admin.uid, { message_type: 2 })
    await notify((await gateway.addUser()).uid)
    const data = dataOf<{ items: Record<string, unknown>[]; total: number }>((await admin.get(path)).json)
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
