import { expect } from 'chai'
import { pageTooLarge } from '../../../../answers.js'
import { dataOf } from '../../../../harness.js'
import { itNeedsLogin, withClient } from '../account-client.js'
import { addCorrespondent, type Correspondent, manyMessages } from './message-users.js'
import { prepared } from '../../../../suite.js'

const start = Date.UTC(2026, 0, 5, 8)

interface Page {
  readonly items: readonly { readonly message_id: number; readonly message_content: string }[]
  readonly records: number
}

withClient('front.account.userMessage.list', manyMessages, (gateway, client) => {
  beforeEach(() => gateway.clock.freeze(start))
  const me = prepared(beforeEach, () => addCorrespondent(gateway))
  const friend = prepared(beforeEach, () => addCorrespondent(gateway))
  const stranger = prepared(beforeEach, () => addCorrespondent(gateway))

  const list = (fields: Record<string, string> = {}) => client.get('userMessage/list', fields, me.token)
  const contentsOf = async (fields: Record<string, string> = {}) =>
    dataOf<Page>((await list(fields)).json).items.map((item) => item.message_content)
  /** Sends texts, a second between them. */
  const exchange = async (texts: readonly (readonly [Correspondent, Correspondent, string])[]) => {
    for (const [from, to, text] of texts) {
      await from.send(to, text)
      gateway.clock.advance(1000)
    }
  }

  it('shows what the caller received, with the pictures of both', async () => {
    await gateway.db('account_user_info').where({ user_id: me.uid }).update({ user_avatar: 'me.png' })
    await gateway
      .db('account_user_info')
      .where({ user_id: friend.uid })
      .update({ user_avatar: 'http://e.com/f.png' })
    const { message_other_id: id } = await friend.send(me, 'hello')
    await me.send(friend, 'mine')
    await friend.send(stranger, 'not mine')
    expect((await list()).text).to.equal(
      '{"status":200,"code":0,"msg":"操作成功","data":{"items":[{"message_cat":"text","message_content":"hello",' +
        `"message_data_id":"","message_data_type":0,"message_h":0,"message_id":${id},"message_is_delete":false,` +
        `"message_is_read":false,"message_kind":2,"message_length":0,"message_parent_id":0,"message_time":${start},` +
        `"message_title":"","message_type":2,"message_w":0,"user_id":${me.uid},"user_nickname":"${me.nickname}",` +
        `"user_other_id":${friend.uid},"user_other_nickname":"${friend.nickname}",` +
        '"user_avatar":"http://passport.test/me.png","user_other_avatar":"http://e.com/f.png"}],' +
        '"page":1,"size":10,"records":1,"total":1},"error":null}',
    )
  })

  it('shows the newest first, the unread ones first among those of one moment', async () => {
    await exchange([
      [friend, me, 'first'],
      [stranger, me, 'second'],
    ])
    const { message_other_id: read } = await friend.send(me, 'read')
    await friend.send(me, 'unread')
    await friend.send(me, 'unread, newer')
    await client.get('userMessage/get', { message_id: String(read) }, me.token)
    expect(await contentsOf()).to.deep.equal(['unread, newer', 'unread', 'read', 'second', 'first'])
    expect(await contentsOf({ size: '2', page: '2' })).to.deep.equal(['read', 'second'])
    expect(await contentsOf({ sidx: 'message_id', sort: 'asc', size: '2' })).to.deep.equal([
      'first',
      'second',
    ])
  })

  it('filters by kind, other user, whether it was read, and nickname', async () => {
    await exchange([
      [friend, me, 'of friend'],
      [stranger, me, 'of stranger'],
      [me, friend, 'to friend'],
    ])
    expect(await contentsOf({ messageKind: '1' })).to.deep.equal(['to friend'])
    expect(await contentsOf({ message_kind: '' })).to.deep.equal(['of stranger', 'of friend'])
    expect(await contentsOf({ user_other_id: String(friend.uid) })).to.deep.equal(['of friend'])
    await client.post('userMessage/setRead', { user_other_id: String(friend.uid) }, me.token)
    expect(await contentsOf({ message_is_read: '0' })).to.deep.equal(['of stranger'])
    expect(await contentsOf({ messageIsRead: 'true' })).to.deep.equal(['of friend'])
    expect(await contentsOf({ userNickname: me.nickname })).to.have.length(2)
    expect(await contentsOf({ userNickname: 'someone else' })).to.deep.equal([])
  })

  it('ignores every other field, also those that the PC site sends', async () => {
    await friend.send(me, 'x')
    const ignored = {
      message_type: '0',
      messageCat: 'img',
      messageContent: 'y',
      messageDataId: '1',
      messageDataType: '3',
      messageH: '1',
      messageId: '1',
      messageIsDelete: '1',
      messageLength: '1',
      messageParentId: '1',
      messageTime: '1',
      messageTitle: 'z',
      messageW: '1',
      sourceType: '2311',
      userId: String(friend.uid),
      userOtherNickname: 'w',
    }
    expect(await contentsOf(ignored)).to.deep.equal(['x'])
  })

  it('is searched and bounded in time', async () => {
    await exchange([
      [friend, me, 'the 100% one'],
      [friend, me, 'another'],
    ])
    const search = { 'like[0].column': 'message_content', 'like[0].like': '100%' }
    expect(await contentsOf(search)).to.deep.equal(['the 100% one'])
    expect(await contentsOf({ createTimeStart: String(start + 1000) })).to.deep.equal(['another'])
    expect(await contentsOf({ createTimeEnd: '2026-01-04' })).to.deep.equal([])
    const refused = await list({ sidx: 'user_password' })
    expect(refused.json).to.include({ code: 300, error: 'PARAM_ERROR' })
    expect((await list({ size: '501' })).text).to.equal(pageTooLarge)
  })

  it('reads a page in as many statements, whatever its size', async () => {
    for (let sent = 0; sent < 30; sent++) await friend.send(me, 'x')
    const statements = async (size: string) => {
      let seen = 0
      const count = ({ sql }: { sql: string }) => (seen += sql.includes('account_user_message') ? 1 : 0)
      gateway.db.client.on('query', count)
      await list({ size })
      gateway.db.client.off('query', count)
      return seen
    }
    expect([await statements('1'), await statements('30')]).to.deep.equal([2, 2])
  })

  itNeedsLogin(() => client.get('userMessage/list'))
})
