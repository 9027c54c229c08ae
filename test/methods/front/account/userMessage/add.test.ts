import { expect } from 'chai'
import type { UserMessageRow } from '../../../../../db/user-messages.js'
import { fieldRefused, paramRefusal, refusal, sendRefused } from '../../../../answers.js'
import { dataOf } from '../../../../harness.js'
import { itNeedsLogin, withClient } from '../account-client.js'
import { addCorrespondent, type SentMessage } from './message-users.js'
import { prepared } from '../../../../suite.js'

const at = Date.UTC(2026, 0, 5, 8)
const unknown = refusal(0, '用户详细信息不存在', 'USER_NOT_EXISTS')

withClient('front.account.userMessage.add', (gateway, client) => {
  beforeEach(() => gateway.clock.freeze(at))
  const sender = prepared(beforeEach, () => addCorrespondent(gateway, '张三'))
  const receiver = prepared(beforeEach, () => addCorrespondent(gateway, '李四'))

  const add = (fields: Record<string, string>) => client.post('userMessage/add', fields, sender.token)
  const addTo = (fields: Record<string, string>) => add({ userOtherId: String(receiver.uid), ...fields })
  const rowsOf = ({ uid }: { uid: number }): Promise<UserMessageRow[]> =>
    gateway.db('account_user_message').where({ user_id: uid }).orderBy('message_id')
  /** The row in the receiver's inbox. */
  const received = async (): Promise<UserMessageRow> => {
    const [row] = (await rowsOf(receiver)).slice(-1)
    return row ?? expect.fail('nothing was received')
  }

  it('puts one row into the outbox and one into the inbox', async () => {
    const fields = {
      message_title: '题',
      message_content: '你好',
      message_length: '3',
      message_w: '4',
      message_h: '5',
    }
    const data = dataOf<SentMessage>((await addTo(fields)).json)
    const both = {
      message_parent_id: 0,
      message_title: '题',
      message_content: '你好',
      message_time: at,
      message_is_delete: 0,
      message_type: 2,
      message_cat: 'text',
      message_cat_full: '',
      message_data_type: 0,
      message_data_id: '',
      message_length: 3,
      message_w: 4,
      message_h: 5,
    }
    expect(await rowsOf(sender)).to.deep.equal([
      {
        ...both,
        message_id: data.message_id,
        user_id: sender.uid,
        user_nickname: sender.nickname,
        message_kind: 1,
        user_other_id: receiver.uid,
        user_other_nickname: receiver.nickname,
        message_is_read: 1,
      },
    ])
    expect(await rowsOf(receiver)).to.deep.equal([
      {
        ...both,
        message_id: data.message_other_id,
        user_id: receiver.uid,
        user_nickname: receiver.nickname,
        message_kind: 2,
        user_other_id: sender.uid,
        user_other_nickname: sender.nickname,
        message_is_read: 0,
      },
    ])
  })

  it('answers the row of the outbox, what a chat window shows of it, and the number of the other row', async () => {
    await gateway.db('account_user_info').where({ user_id: sender.uid }).update({ user_avatar: '/face.png' })
    const { json, text } = await addTo({ message_content: 'hi', message_cat: 'img', w: '7', h: '8' })
    const { message_id: id, message_other_id: otherId } = dataOf<SentMessage>(json)
    const row =
      '"message_cat":"img","message_content":"hi","message_data_id":"","message_data_type":0,"message_h":8,' +
      `"message_id":${id},"message_is_delete":false,"message_is_read":true,"message_kind":1,"message_length":0,` +
      `"message_parent_id":0,"message_time":${at},"message_title":"","message_type":2,"message_w":7,` +
      `"user_id":${sender.uid},"user_nickname":"${sender.nickname}","user_other_id":${receiver.uid},` +
      `"user_other_nickname":"${receiver.nickname}"`
    expect(text).to.equal(
      `{"status":200,"code":0,"msg":"操作成功","data":{${row},"message_other_id":${otherId},` +
        '"user_avatar":"http://passport.test/face.png","user_other_avatar":"",' +
        '"content":{"message_content":"hi","text":"hi","message_w":7,"message_h":8,"message_length":0,"item_id":0,' +
        '"item_unit_price":0,"product_item_name":"","product_image":""},' +
        `"userinfo":{"username":"${sender.nickname}","uid":${sender.uid},"face":"http://passport.test/face.png"},` +
        `"msg_row":{${row}},"num":1},"error":null}`,
    )
  })

  it('finds the receiver by exact nickname first, then by id, then by what `to` says', async () => {
    const third = await addCorrespondent(gateway, '王五')
    const receiverOf = async (fields: Record<string, string>) =>
      dataOf<{ user_other_id: number }>((await add({ content: 'x', ...fields })).json).user_other_id
    const to = JSON.stringify({ friend_id: sender.uid, name: third.nickname })
    const named = { user_nickname: third.nickname, user_other_id: String(receiver.uid), to }
    expect(await receiverOf(named)).to.equal(third.uid)
    expect(await receiverOf({ ...named, user_nickname: '' })).to.equal(receiver.uid)
    expect(await receiverOf({ to })).to.equal(sender.uid)
    expect(await receiverOf({ to: JSON.stringify({ friend_id: String(receiver.uid) }) })).to.equal(
      receiver.uid,
    )
    expect(await receiverOf({ to: JSON.stringify({ name: third.nickname }) })).to.equal(third.uid)
  })

  it('knows nobody by another spelling of a nickname, nor who does not exist', async () => {
    await gateway.addUser({ nickname: 'Émile' })
    for (const fields of [
      { userNickname: 'émile' },
      { userNickname: 'Emile' },
      { userNickname: 'Émil%' },
      { userOtherId: '99999999' },
      { to: '{"friend_id":99999999}' },
      { to: '{"friend_id":"x","name":"nobody of this name"}' },
      { to: 'no JSON' },
      { to: 'null' },
      { to: '[1]' },
      {},
    ])
      expect((await add({ messageContent: 'x', ...fields })).text, JSON.stringify(fields)).to.equal(unknown)
    expect(await rowsOf(sender)).to.deep.equal([])
  })

  it('prefers who chose a nickname to others who brought the same from the old shop', async () => {
    const [older, owner] = [
      await gateway.addUser({ nickname: '同名' }),
      await gateway.addUser({ nickname: '同名' }),
    ]
    const send = async () =>
      dataOf<{ user_other_id: number }>((await add({ user_nickname: '同名' })).json).user_other_id
    expect(await send()).to.equal(older.uid)
    await gateway.db('nickname_owner').insert({ nickname_key: '同名', user_id: owner.uid, taken_at: at })
    expect(await send()).to.equal(owner.uid)
  })

  it('takes the text of `mine` where there is no messageContent', async () => {
    const mine = JSON.stringify({ content: 'of mine', id: 1 })
    await addTo({ mine })
    expect(await received()).to.include({ message_content: 'of mine' })
    await addTo({ mine, message_content: 'of its own' })
    expect(await received()).to.include({ message_content: 'of its own' })
    for (const other of ['no JSON', '{"content":5}', 'null', '']) {
      await addTo({ mine: other })
      expect(await received(), other).to.include({ message_content: '' })
    }
  })

  it('knows other names of fields and kinds', async () => {
    await addTo({ type: 'redEnvelope', length: '1', w: '2', h: '3', item_id: '1001' })
    const aliased = {
      message_cat: 'redpack',
      message_length: 1,
      message_w: 2,
      message_h: 3,
      message_data_id: '1001',
    }
    expect(await received()).to.include(aliased)
    await addTo({ message_cat: 'voice', type: 'text', message_length: '9', length: '1', itemId: '7' })
    expect(await received()).to.include({ message_cat: 'voice', message_length: 9, message_data_id: '7' })
  })

  it('is sent by GET too, as the mobile app does', async () => {
    const fields = { user_other_id: String(receiver.uid), message_content: 'by GET' }
    expect((await client.get('userMessage/add', fields, sender.token)).json).to.include({ status: 200 })
    expect(await received()).to.include({ message_content: 'by GET' })
  })

  it('keeps pictures and links, and shows all other markup as text, in both rows', async () => {
    const bubble = '<a href="/item?id=1"><img src="https://example.com/a.png"></a>'
    await addTo({ message_content: `${bubble}<script>alert(1)</script><img src=x onerror=alert(1)>` })
    const stored = `${bubble}＜script>alert(1)＜/script><img src="x">`
    expect(await received()).to.include({ message_content: stored })
    expect((await rowsOf(sender))[0]).to.include({ message_content: stored })
    await addTo({ mine: JSON.stringify({ content: '<svg onload=alert(1)>' }) })
    expect(await received()).to.include({ message_content: '＜svg onload=alert(1)>' })
  })

  it('stores every other field as it was given', async () => {
    await addTo({ message_title: '<b>题</b>', message_data_id: '<i>' })
    expect(await received()).to.include({ message_title: '<b>题</b>', message_data_id: '<i>' })
  })

  it('lets nobody send what clients show as an announcement, an order or an answer', async () => {
    await addTo({ message_data_type: '1', message_parent_id: '8' })
    expect(await received()).to.include({ message_data_type: 0, message_parent_id: 0 })
  })

  it('takes files from the web or the site only, and no address that ends an attribute', async () => {
    for (const content of ['https://example.com/a b.png', 'upload/图.mp4', '/a?at=12:30'])
      expect((await addTo({ type: 'img', message_content: content })).json?.status, content).to.equal(200)
    for (const content of [
      '<img src="/a.png">',
      '<a href="/x">javascript:alert(1)</a>',
      'javascript:alert(1)//<img src="/a.png">',
      '" onerror="alert(1)" <a href="/">',
      '<img src="https://example.com/onerror=alert(1)//">',
      'javascript:alert(1)',
      'data:text/html,x',
      'x" onerror="alert(1)',
      "x' y",
      'a:b',
    ]) {
      for (const type of ['img', 'video', 'voice', 'file']) {
        const { text } = await addTo({ type, message_content: content })
        expect(text, content).to.equal(fieldRefused('文件地址格式不正确'))
      }
    }
  })

  it('lets nobody write for another, nor a system notice', async () => {
    await addTo({
      user_id: '1',
      userId: '1',
      message_type: '1',
      message_kind: '1',
      message_is_read: '1',
      message_time: '1',
    })
    expect(await received()).to.include({
      user_other_id: sender.uid,
      message_type: 2,
      message_is_read: 0,
      message_time: at,
    })
  })

  it('takes 1024 characters, whatever their bytes, and whatever escaping makes of them', async () => {
    for (const [text, stored] of [
      ['🙂'.repeat(1024), '🙂'.repeat(1024)],
      ['<'.repeat(1024), '＜'.repeat(1024)],
      [`<a href="?${'&'.repeat(1012)}">`, `<a href="?${'&amp;'.repeat(1012)}">`],
    ] as const) {
      expect((await addTo({ message_content: text })).json).to.include({ status: 200 })
      expect((await received()).message_content).to.equal(stored)
    }
  })

  it('refuses what does not fit its column, and says which', async () => {
    for (const [fields, text] of [
      [{ message_content: 'x'.repeat(1025) }, '消息内容不能超过1024个字'],
      [{ message_title: 'x'.repeat(51) }, '消息标题不能超过50个字'],
      [{ message_data_id: 'x'.repeat(51) }, '消息数据编号不能超过50个字'],
      [{ item_id: 'x'.repeat(51) }, '商品编号不能超过50个字'],
      [{ user_nickname: 'x'.repeat(51) }, '昵称不能超过50个字'],
    ] as const)
      expect((await addTo(fields)).text, text).to.equal(fieldRefused(text))
    const mine = JSON.stringify({ content: 'x'.repeat(1025) })
    expect((await addTo({ mine })).text).to.equal(refusal(0, '消息内容不能超过1024个字', 'MESSAGE_TOO_LONG'))
    for (const [fields, detail] of [
      [{ message_w: '2147483648' }, 'message_w: integer from 0 to 2147483647'],
      [{ h: '-1' }, 'h: integer from 0 to 2147483647'],
      [{ message_length: '1.5' }, 'message_length: integer from 0 to 2147483647'],
    ] as const)
      expect((await addTo(fields)).text, detail).to.equal(paramRefusal(detail))
    for (const fields of [{ message_cat: 'html' }, { type: 'friend' }, { user_other_id: 'x' }])
      expect((await addTo({ userOtherId: '', ...fields })).json).to.include({
        code: 300,
        error: 'PARAM_ERROR',
      })
    expect(await rowsOf(receiver)).to.deep.equal([])
  })

  it('lets a user send 30 messages a minute; who was not found costs none', async () => {
    await addTo({ userOtherId: '99999999' })
    const sent = await Promise.all(Array.from({ length: 40 }, () => addTo({ message_content: 'x' })))
    expect(sent.filter(({ json }) => json?.['status'] === 200)).to.have.length(30)
    const refused = sent.find(({ json }) => json?.['status'] === 250)
    expect(refused?.headers.get('Retry-After')).to.equal('60')
    expect([refused?.status, refused?.text]).to.deep.equal([200, sendRefused])
    expect(await rowsOf(sender)).to.have.length(30)
    expect(await rowsOf(receiver)).to.have.length(30)
    gateway.clock.advance(60_000)
    expect((await addTo({})).json?.['status']).to.equal(200)
  })

  it('shows in the receiver’s count at once', async () => {
    const count = async () => {
      const { json } = await gateway.call('open.passport.get', { uid: String(receiver.uid) })
      return dataOf<{ data: { messageCount: number } }>(json).data.messageCount
    }
    expect(await count()).to.equal(0)
    await addTo({ message_content: 'x' })
    expect(await count()).to.equal(1)
  })

  itNeedsLogin(() => client.post('userMessage/add', { user_other_id: String(receiver.uid) }))
})
