import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import { insertMessage } from '../../../../../db/user-messages.js'
import { inboxRow, textBody } from '../../../../../methods/rules/messages/rows.js'
import { loginRequired } from '../../../../answers.js'
import { dataOf, startGateway } from '../../../../harness.js'
import { type EventClient, until } from '../../../../servers/event-client.js'
import { withClient } from '../account-client.js'
import { addCorrespondent, type Correspondent, manyMessages } from './message-users.js'
import { openMessages, shownBy, unreadBy } from './stream-client.js'
import { prepared } from '../../../../suite.js'

const path = '/front/account/userMessage/stream'

withClient('front.account.userMessage.stream', manyMessages, (gateway, client, database) => {
  const opened: EventClient[] = []
  const me = prepared(beforeEach, () => addCorrespondent(gateway))
  const friend = prepared(beforeEach, () => addCorrespondent(gateway))
  afterEach(() => {
    for (const stream of opened.splice(0)) stream.cut()
  })

  /** SQLite has one writer at a time: what is written there shows in order. */
  const onMariadb = (title: string, test: () => Promise<void>) => {
    if (database.kind === 'mysql') it(title, test)
  }
  /** My stream, once it has told the unread count. */
  const open = async (fields: Record<string, string> = {}) => {
    const stream = await openMessages(gateway, me.token, fields)
    opened.push(stream)
    await until(() => stream.events.length > 0 || stream.status !== 200)
    return stream
  }
  const receive = async (text: string) => (await friend.send(me, text)).message_other_id

  it('answers with events that no proxy keeps back, and tells when to come back', async () => {
    const stream = await open()
    const { status, headers } = stream
    expect(status).to.equal(200)
    expect(headers).to.include({
      'content-type': 'text/event-stream;charset=UTF-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    })
    expect(headers['x-request-id']).to.be.a('string')
    expect(stream.text()).to.equal('retry: 3000\n\nid: 0\nevent: unread\ndata: {"unread":0}\n\n')
  })

  it('shows a message as the list does, and the unread count after it', async () => {
    const stream = await open()
    const messageId = await receive('你好\n<b>')
    await until(() => stream.events.length === 3)
    const { items } = dataOf<{ items: object[] }>((await client.get('userMessage/list', {}, me.token)).json)
    const [, message, unread] = stream.events
    expect(message?.data).to.deep.equal(items[0])
    expect([message?.event, message?.data['message_id']]).to.deep.equal(['message', messageId])
    expect([unread?.event, unread?.data]).to.deep.equal(['unread', { unread: 1 }])
    expect(unread?.id)
      .to.equal(message?.id)
      .and.match(new RegExp(`^${messageId}~`))
  })

  it('shows what comes, in order, and neither what was there nor what is for others', async () => {
    await receive('before')
    const stream = await open()
    expect(unreadBy(stream)).to.deep.equal([1])
    const messageIds = [await receive('first'), await receive('second')]
    await me.send(friend, 'mine')
    messageIds.push(await receive('third'))
    await until(() => shownBy(stream).length === 3)
    expect(shownBy(stream)).to.deep.equal(messageIds)
  })

  it('tells the unread count when messages are read', async () => {
    const messageId = await receive('one')
    await receive('two')
    const stream = await open()
    await client.get('userMessage/get', { message_id: String(messageId) }, me.token)
    await until(() => stream.events.length === 2)
    await client.post('userMessage/setRead', {}, me.token)
    await until(() => stream.events.length === 3)
    expect(unreadBy(stream)).to.deep.equal([2, 1, 0])
  })

  it('tells of what was written without the gateway, within seconds', async () => {
    const stream = await open()
    const messageId = await writeTo(me, Date.now())
    await until(() => shownBy(stream).includes(messageId))
    await gateway.db('account_user_message').where({ user_id: me.uid }).update({ message_is_read: 1 })
    await until(() => unreadBy(stream).at(-1) === 0)
  })

  async function writeTo({ uid }: Correspondent, at: number, db = gateway.db): Promise<number> {
    const user = (userId: number) => ({ user_id: userId, user_nickname: '', user_avatar: '' })
    const sending = { sender: user(friend.uid), receiver: user(uid), body: textBody('', 'x'), at }
    return insertMessage(db, inboxRow(sending))
  }

  it('goes on where it was cut, also before the first message', async () => {
    const first = await open()
    first.cut()
    const missed = await receive('missed')
    const second = await open({ lastEventId: first.lastEventId() })
    await until(() => shownBy(second).length === 1)
    second.cut()
    const later = [await receive('later'), await receive('latest')]
    const third = await open({ lastEventId: second.lastEventId() })
    await until(() => shownBy(third).length === 2)
    expect(unreadBy(third)).to.deep.equal([3])
    expect([shownBy(second), shownBy(third)]).to.deep.equal([[missed], later])
  })

  it('takes the number of a message as the last event, in the query too; the header counts', async () => {
    const messageIds = [await receive('one'), await receive('two'), await receive('three')]
    const [first, second] = messageIds.map(String)
    const all = await open({ last_event_id: '0' })
    const rest = await open({ lastEventId: String(second), last_event_id: String(first) })
    const camel = await open({ lastEventId: '', last_event_id: String(second) })
    await until(() => shownBy(all).length === 3 && shownBy(rest).length === 1 && shownBy(camel).length === 1)
    expect(shownBy(all)).to.deep.equal(messageIds)
    expect([...shownBy(rest), ...shownBy(camel)]).to.deep.equal([messageIds[2], messageIds[2]])
    // Two minutes old and more: nothing can appear below, so the number says it all.
    gateway.clock.advance(200_000)
    const settled = await open({ last_event_id: '0' })
    await until(() => shownBy(settled).length === 3)
    expect(settled.lastEventId()).to.equal(String(messageIds[2]))
  })

  it('shows a long inbox page by page', async () => {
    const user = { user_id: me.uid, user_nickname: '', user_avatar: '' }
    const row = inboxRow({ sender: user, receiver: user, body: textBody('', 'x'), at: 1 })
    for (let part = 0; part < 12; part++)
      await gateway.db('account_user_message').insert(Array.from({ length: 100 }, () => row))
    const stream = await open({ last_event_id: '0' })
    await until(() => shownBy(stream).length === 1200)
    const ids = await gateway
      .db('account_user_message')
      .where({ user_id: me.uid })
      .orderBy('message_id')
      .pluck('message_id')
    expect(shownBy(stream)).to.deep.equal(ids)
    expect(stream.lastEventId()).to.equal(String(ids.at(-1)))
  })

  it('loses nothing and shows nothing twice while many write and the connection is cut', async function () {
    this.timeout(120_000)
    const senders = await Promise.all(Array.from({ length: 5 }, () => addCorrespondent(gateway)))
    let stream = await open()
    const sent: number[] = []
    const sending = Promise.all(
      senders.map(async (sender) => {
        for (let count = 0; count < 100; count++) sent.push((await sender.send(me, 'x')).message_other_id)
      }),
    )
    const shown: number[] = []
    for (let cuts = 0; cuts < 10; cuts++) {
      const goal = Math.min(40 * (cuts + 1), 480)
      await until(() => shown.length + shownBy(stream).length >= goal)
      stream.cut()
      shown.push(...shownBy(stream))
      stream = await open({ lastEventId: stream.lastEventId() })
    }
    await sending
    const all = () => [...shown, ...shownBy(stream)]
    await until(() => all().length >= 500 && unreadBy(stream).at(-1) === 500)
    expect(all().sort((left, right) => left - right)).to.deep.equal(sent.sort((left, right) => left - right))
  })

  onMariadb(
    'shows a message that is committed after a newer one, once, whether the client stayed or came back',
    async () => {
      const [stays, leaves] = [await open(), await open()]
      const slow = await gateway.db.transaction()
      const late = await writeTo(me, Date.now(), slow)
      const newer = await receive('newer')
      expect(newer).to.be.above(late)
      await until(() => shownBy(stays).length === 1 && shownBy(leaves).length === 1)
      leaves.cut()
      await slow.commit()
      const back = await open({ lastEventId: leaves.lastEventId() })
      await until(() => shownBy(stays).length === 2 && shownBy(back).length === 1)
      const last = await receive('last')
      await until(() => shownBy(stays).length === 3 && shownBy(back).length === 2)
      expect(shownBy(stays)).to.deep.equal([newer, late, last])
      expect(shownBy(back)).to.deep.equal([late, last])
      const again = await open({ lastEventId: stays.lastEventId() })
      await sleep(1500)
      expect(shownBy(again)).to.deep.equal([])
    },
  )

  onMariadb('shows one that was under way when the stream was opened', async () => {
    const slow = await gateway.db.transaction()
    const late = await writeTo(me, Date.now(), slow)
    await receive('newer')
    const stream = await open()
    await slow.commit()
    await until(() => shownBy(stream).length === 1)
    expect(shownBy(stream)).to.deep.equal([late])
  })

  it('refuses a last event that is none of its own', async () => {
    const refused = [
      'x',
      '-1',
      '1.5',
      '1e3',
      '0x10',
      '1 1',
      '9'.repeat(16),
      '1~',
      '1~0',
      '1~2',
      '5~1.0',
      '5~1.-1',
      '5~1..1',
      '5~zzzzzzzzzzz',
      `9999999~${'1.'.repeat(600)}1`,
      "1' or '1'='1",
      '1'.repeat(9000),
    ]
    for (const last_event_id of refused) {
      const answer = await client.get('userMessage/stream', { last_event_id }, me.token)
      expect(answer.json?.['error'], last_event_id).to.equal('PARAM_ERROR')
      expect(answer.status).to.equal(400)
      const { status } = await openMessages(gateway, me.token, { lastEventId: last_event_id })
      expect(status, last_event_id).to.equal(400)
    }
    for (const last_event_id of ['', '0', '999999999999999', '12~1.2.3'])
      expect((await open({ last_event_id })).status, last_event_id).to.equal(200)
  })

  it('wants a live session, and says so with a status that no browser takes for a stream', async () => {
    const without = await gateway.request(path)
    expect([without.status, without.text]).to.deep.equal([400, loginRequired])
    const broken = await gateway.request(`${path}?access_token=broken`)
    expect([broken.status, broken.json?.['error']]).to.deep.equal([400, 'TOKEN_BROKEN'])
  })

  it('is got only: other verbs are refused', async () => {
    const query = `?perm_key=${me.token}`
    for (const method of ['POST', 'HEAD', 'PUT']) {
      const answer = await gateway.request(path + query, { method })
      expect([answer.status, answer.headers.get('allow')], method).to.deep.equal([405, 'GET'])
    }
    const head = await gateway.request(
      `/gateway?method=front.account.userMessage.stream&access_token=${me.token}`,
      { method: 'HEAD' },
    )
    expect(head.status).to.equal(405)
  })

  it('may be read by pages of other origins, as every answer', async () => {
    const response = await fetch(`${gateway.url}${path}?perm_key=${me.token}`, {
      headers: { Origin: 'http://a.test' },
    })
    expect(response.headers.get('access-control-allow-origin')).to.equal(null)
    await response.body?.cancel()
    const open = await startGateway(database, { CORS_ORIGINS: 'http://a.test' })
    const allowed = await fetch(`${open.url}${path}?perm_key=${me.token}`, {
      headers: { Origin: 'http://a.test' },
    })
    expect(allowed.headers.get('access-control-allow-origin')).to.equal('http://a.test')
    await allowed.body?.cancel()
    await open.close()
  })

  it('ends within five seconds when its session does', async () => {
    const [stays, leaves] = [await addCorrespondent(gateway), me]
    const [kept, ended] = [await openMessages(gateway, stays.token), await open()]
    opened.push(kept)
    await client.post('login/logout', {}, leaves.token)
    const at = Date.now()
    await until(() => ended.hasEnded())
    expect(Date.now() - at).to.be.below(5000)
    expect(ended.text()).to.match(/\n\nretry: [2-5]\d{3}\n\n$/)
    expect(kept.hasEnded()).to.equal(false)
    expect((await openMessages(gateway, leaves.token)).status).to.equal(400)
  })

  it('ends when its user is locked, and when the token is too old', async () => {
    const locked = await open()
    await gateway.db('account_user_info').where({ user_id: me.uid }).update({ user_state: 0 })
    await until(() => locked.hasEnded())
    const old = await openMessages(gateway, friend.token)
    gateway.clock.advance(25 * 3_600_000)
    await until(() => old.hasEnded())
  })

  it('ends the oldest of a user who holds too many, and asks it to wait', async () => {
    const streams: EventClient[] = []
    for (let count = 0; count < 11; count++) streams.push(await open())
    await until(() => streams[0]?.hasEnded() ?? false)
    expect(streams[0]?.text()).to.match(/\n\nretry: 60000\n\n$/)
    await receive('to the others')
    await until(() => streams.slice(1).every((stream) => shownBy(stream).length === 1))
  })

  it('is counted while it is open', async () => {
    const count = async () =>
      /^gateway_streams_open (\d+)$/m.exec((await gateway.request('/metrics')).text)?.[1]
    await until(async () => (await count()) === '0')
    const [first] = [await open(), await open()]
    expect(await count()).to.equal('2')
    first.cut()
    await until(async () => (await count()) === '1')
  })
})
