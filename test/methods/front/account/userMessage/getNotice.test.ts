import { expect } from 'chai'
import { saveSetting } from '../../../../../db/settings.js'
import { doneWith, loginRequired } from '../../../../answers.js'
import { dataOf } from '../../../../harness.js'
import { withClient } from '../account-client.js'
import { addCorrespondent } from './message-users.js'
import { prepared } from '../../../../suite.js'

const start = Date.UTC(2026, 0, 5, 8)
const day = 86_400_000

withClient('front.account.userMessage.getNotice', (gateway, client) => {
  beforeEach(() => gateway.clock.freeze(start))
  const me = prepared(beforeEach, () => addCorrespondent(gateway))

  const notify = (content: string) =>
    gateway.call('open.message.send', { uids: String(me.uid), title: '通知', content })
  const contents = async (token = me.token) =>
    dataOf<{ message_content: string }[]>((await client.get('userMessage/getNotice', {}, token)).json).map(
      (notice) => notice.message_content,
    )

  it('shows system notices, in the name of the configured user', async () => {
    const shop = await addCorrespondent(gateway, '商城')
    await saveSetting(gateway.db, 'message_notice_user', String(shop.uid))
    await notify('您的订单已发货')
    const { text } = await client.get('userMessage/getNotice', {}, me.token)
    const id = Number(/"message_id":(\d+)/.exec(text)?.[1])
    expect(text).to.equal(
      doneWith(
        '[{"message_cat":"text","message_content":"您的订单已发货",' +
          `"message_data_id":"","message_data_type":0,"message_h":0,"message_id":${id},"message_is_delete":false,` +
          `"message_is_read":false,"message_kind":2,"message_length":0,"message_parent_id":0,"message_time":${start},` +
          `"message_title":"通知","message_type":1,"message_w":0,"user_id":${me.uid},"user_nickname":"${me.nickname}",` +
          `"user_other_id":${shop.uid},"user_other_nickname":"${shop.nickname}"}]`,
      ),
    )
    expect(await gateway.db('account_user_message').where({ user_id: shop.uid })).to.deep.equal([])
  })

  it('shows those of the last ten days, the newest first, and no messages of users', async () => {
    await notify('the first')
    gateway.clock.advance(2 * day)
    await notify('the second')
    await (await addCorrespondent(gateway)).send(me, 'of a user')
    gateway.clock.advance(8 * day)
    const token = await freshToken()
    expect(await contents(token)).to.deep.equal(['the second', 'the first'])
    gateway.clock.advance(1)
    expect(await contents(token)).to.deep.equal(['the second'])
  })

  it('welcomes who has just registered', async () => {
    const mobile = '13912340001'
    const verify_code = await client.receiveCode(mobile)
    const fields = { bind_type: '1', verify_key: mobile, verify_code, password: 'a new password' }
    const { token } = dataOf<{ token: string }>((await client.post('login/register', fields)).json)
    expect(await contents(token)).to.deep.equal(['欢迎您注册成为会员！ / Welcome, your account is ready.'])
  })

  it('is empty for who has none', async () => {
    expect((await client.get('userMessage/getNotice', {}, me.token)).text).to.equal(doneWith('[]'))
    expect((await client.get('userMessage/getNotice')).text).to.equal(loginRequired)
  })

  /** The first one ends after a day. */
  function freshToken(): Promise<string> {
    const { db, sessions } = gateway.services
    return sessions.start(db, { userId: me.uid, generation: 0, app: '', ip: '127.0.0.1' })
  }
})
