import { expect } from 'chai'
import type { UserMessageRow } from '../../../../db/user-messages.js'
import { paramError, signatureInvalid, succeededWith, userNotExists } from '../../../answers.js'
import { dataOf } from '../../../harness.js'
import { addCorrespondent } from '../../front/account/userMessage/message-users.js'
import { withGateway } from '../../../suite.js'

const method = 'open.message.send'
const at = Date.UTC(2026, 0, 5, 8)

withGateway(method, (gateway) => {
  before(() => gateway.clock.freeze(at))

  const send = (params: Record<string, string>) =>
    gateway.call(method, { content: 'x', ...params }, { verb: 'POST' })
  const rowsOf = (userId: number): Promise<UserMessageRow[]> =>
    gateway.db('account_user_message').where({ user_id: userId }).orderBy('message_id')
  const countMessages = async () =>
    Number((await gateway.db('account_user_message').count({ n: '*' }).first())?.['n'])
  /** Without their particulars, as some of an old shop are. */
  const addUsers = async (count: number) => {
    const rows = Array.from({ length: count }, (_, n) => ({ user_account: `reader-${n}` }))
    for (let n = 0; n < count; n += 250) await gateway.db('account_user_base').insert(rows.slice(n, n + 250))
    const found = await gateway
      .db('account_user_base')
      .where('user_account', 'like', 'reader-%')
      .select('user_id')
    return found.map((row) => row.user_id)
  }

  it('puts a system notice into the inboxes of users, and says who is none', async () => {
    const [first, second] = [await addCorrespondent(gateway), await addCorrespondent(gateway)]
    const params = { title: '通知', content: '已发货', dataType: '2', dataId: 'DD1001' }
    const { text } = await send({ uids: `${first.uid},99999999,${second.uid},${first.uid}`, ...params })
    expect(text).to.equal(succeededWith('{"sent":2,"unknown":[99999999]}'))
    for (const { uid, nickname } of [first, second]) {
      const [row, ...others] = await rowsOf(uid)
      expect(others).to.deep.equal([])
      expect(row).to.include({
        user_nickname: nickname,
        message_kind: 2,
        user_other_id: 0,
        user_other_nickname: '',
        message_title: '通知',
        message_content: '已发货',
        message_time: at,
        message_is_read: 0,
        message_type: 1,
        message_cat: 'text',
        message_data_type: 2,
        message_data_id: 'DD1001',
      })
    }
  })

  it('sends a message of a user: a row in the sender’s outbox and one in the inbox for each', async () => {
    const [sender, receiver] = [await addCorrespondent(gateway), await addCorrespondent(gateway)]
    const { json } = await send({ uids: `${receiver.uid},${sender.uid}`, senderUid: String(sender.uid) })
    expect(json?.data).to.deep.equal({ sent: 2, unknown: [] })
    const outbox = { message_kind: 1, message_type: 2, message_is_read: 1 }
    const inbox = { message_kind: 2, message_type: 2, message_is_read: 0, user_other_id: sender.uid }
    const ofSender = await rowsOf(sender.uid)
    expect(ofSender).to.have.length(3)
    expect(ofSender.filter((row) => row.message_kind === 1)).to.have.length(2)
    expect(ofSender.find((row) => row.user_other_id === receiver.uid)).to.include(outbox)
    expect(await rowsOf(receiver.uid)).to.have.length(1)
    expect((await rowsOf(receiver.uid))[0]).to.include(inbox)
  })

  it('reaches a thousand users with few statements', async () => {
    const ids = await addUsers(1000)
    let statements = 0
    const count = () => (statements += 1)
    gateway.db.client.on('query', count)
    const before = await countMessages()
    const { json } = await send({ uids: ids.join(), senderUid: String(ids[0]) })
    gateway.db.client.off('query', count)
    expect(json?.data).to.deep.equal({ sent: 1000, unknown: [] })
    expect(await countMessages()).to.equal(before + 2000)
    expect(statements).to.be.below(30)
  })

  it('leaves only pictures and links of markup, as between users', async () => {
    const { uid } = await addCorrespondent(gateway)
    await send({ uids: String(uid), content: '<a href="/order">订单</a><script>x</script>' })
    expect((await rowsOf(uid))[0]).to.include({
      message_content: '<a href="/order">订单</a>＜script>x＜/script>',
    })
  })

  it('sends nothing in the name of a user who does not exist', async () => {
    const { uid } = await addCorrespondent(gateway)
    const { text } = await send({ uids: String(uid), senderUid: '99999999' })
    expect(text).to.equal(userNotExists)
    expect(await rowsOf(uid)).to.deep.equal([])
  })

  it('refuses lists that are none or too long, and texts that are', async () => {
    const { uid } = await addCorrespondent(gateway)
    const tooMany = Array.from({ length: 1001 }, (_, n) => 20_000 + n).join()
    for (const uids of ['', 'x', '1,', ',1', '1,,2', '1 ,2', '-1', '1.5', tooMany])
      expect((await send({ uids })).text, uids.slice(0, 20)).to.equal(paramError)
    const refused = [{ content: '' }, { content: 'x'.repeat(1025) }]
    for (const params of [
      ...refused,
      { title: 'x'.repeat(51) },
      { dataId: 'x'.repeat(51) },
      { dataType: '6' },
    ])
      expect((await send({ uids: String(uid), ...params })).text).to.equal(paramError)
    expect(await rowsOf(uid)).to.deep.equal([])
  })

  it('shows in the receivers’ counts at once', async () => {
    const { uid } = await addCorrespondent(gateway)
    const count = async () => {
      const { json } = await gateway.call('open.passport.get', { uid: String(uid) })
      return dataOf<{ data: { messageCount: number } }>(json).data.messageCount
    }
    expect(await count()).to.equal(0)
    await send({ uids: String(uid) })
    expect(await count()).to.equal(1)
  })

  it('is closed to applications without the grant, and to those whose key is public', async () => {
    const { uid } = await addCorrespondent(gateway)
    const params = { uids: String(uid), content: 'x' }
    const other = await gateway.addApp({ grants: ['open.passport.get'] })
    expect((await gateway.call(method, params, { app: other })).text).to.equal(signatureInvalid)
    const page = await gateway.addApp({ grants: ['open.*'], trust: 'public' })
    expect((await gateway.call(method, params, { app: page })).text).to.equal(
      '{"code":500,"message":"没有访问权限"}',
    )
    expect(await rowsOf(uid)).to.deep.equal([])
  })
})
