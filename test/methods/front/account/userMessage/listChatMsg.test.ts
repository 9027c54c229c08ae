import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { dataOf } from '../../../../harness.js'
import { itNeedsLogin, withClient } from '../account-client.js'
import { addCorrespondent } from './message-users.js'
import { prepared } from '../../../../suite.js'

const start = Date.UTC(2026, 0, 5, 8)

interface ChatItem {
  readonly message_content: string
  readonly msg: { readonly content: object; readonly userinfo: { readonly uid: number } }
}

withClient('front.account.userMessage.listChatMsg', (gateway, client) => {
  beforeEach(() => gateway.clock.freeze(start))
  const me = prepared(beforeEach, () => addCorrespondent(gateway, '我'))
  const friend = prepared(beforeEach, () => addCorrespondent(gateway, '友'))

  const listChat = (fields: Record<string, string> = {}) =>
    client.get('userMessage/listChatMsg', { user_other_id: String(friend.uid), ...fields }, me.token)
  const itemsOf = async (fields: Record<string, string> = {}) =>
    dataOf<{ items: readonly ChatItem[] }>((await listChat(fields)).json).items
  const contentsOf = async (fields: Record<string, string> = {}) =>
    (await itemsOf(fields)).map((item) => item.message_content)
  const chat = async () => {
    await me.send(friend, 'hello')
    gateway.clock.advance(1000)
    await friend.send(me, 'hello yourself')
    await friend.send(await addCorrespondent(gateway), 'to another')
    await (await addCorrespondent(gateway)).send(me, 'of another')
  }

  it('shows both sides of a chat as a chat window draws them', async () => {
    await gateway.db('account_user_info').where({ user_id: friend.uid }).update({ user_avatar: '/f.png' })
    const { message_id: sent } = await me.send(friend, 'hello')
    gateway.clock.advance(1000)
    const { message_other_id: received } = await friend.send(me, 'hi')
    const face = 'http://passport.test/f.png'
    const contentOf = (text: string) =>
      `"content":{"message_content":"${text}","text":"${text}","message_w":0,"message_h":0,"message_length":0,` +
      '"item_id":0,"item_unit_price":0,"product_item_name":"","product_image":""}'
    const end =
      `"user_avatar":"","user_other_avatar":"${face}","user_nickname":"${me.nickname}",` +
      `"user_other_nickname":"${friend.nickname}"`
    const row = (id: number, text: string, kind: number, time: number) =>
      `"message_cat":"text","message_content":"${text}","message_data_id":"","message_data_type":0,"message_h":0,` +
      `"message_id":${id},"message_is_delete":false,"message_is_read":${kind === 1},"message_kind":${kind},` +
      `"message_length":0,"message_parent_id":0,"message_time":${time},"message_title":"","message_type":2,` +
      `"message_w":0,"user_id":${me.uid},"user_nickname":"${me.nickname}","user_other_id":${friend.uid},` +
      `"user_other_nickname":"${friend.nickname}"`
    // Of the row itself, what does not stand before it.
    const rest = (id: number, text: string, kind: number, time: number) =>
      `"id":${id},"type":"text",${row(id, text, kind, time).replace(`"message_cat":"text",`, '').replace(`"message_id":${id},`, '')},` +
      `"message_other_id":0,"user_avatar":"","user_other_avatar":"${face}","msg_row":{${row(id, text, kind, time)}},"num":1}`
    expect((await listChat()).text).to.equal(
      '{"status":200,"code":0,"msg":"操作成功","data":{"items":[' +
        `{"type":"user","msg":{"message_id":${received},"message_cat":"text","userinfo":` +
        `{"username":"${friend.nickname}","uid":${friend.uid},"face":"${face}"},${contentOf('hi')},` +
        `${rest(received, 'hi', 2, start + 1000)},` +
        `"message_kind":2,"message_content":"hi","message_time":${start + 1000},${end}},` +
        `{"type":"user","msg":{"message_id":${sent},"message_cat":"text","userinfo":` +
        `{"username":"${me.nickname}","uid":${me.uid},"face":""},${contentOf('hello')},` +
        `${rest(sent, 'hello', 1, start)},` +
        `"message_kind":1,"message_content":"hello","message_time":${start},${end}}` +
        '],"page":1,"size":10,"records":2,"total":1},"error":null}',
    )
  })

  it('shows the newest first, the oldest first for a caller who is not the PC site', async () => {
    await chat()
    const [newest, oldest] = [
      ['hello yourself', 'hello'],
      ['hello', 'hello yourself'],
    ]
    expect(await contentsOf()).to.deep.equal(newest)
    expect(await contentsOf({ sourceType: '2311' })).to.deep.equal(newest)
    expect(await contentsOf({ source_type: '2313' })).to.deep.equal(oldest)
    expect(await contentsOf({ sourceType: '2313', sidx: 'message_time', sort: 'desc' })).to.deep.equal(newest)
  })

  it('ignores every other filter', async () => {
    await chat()
    const others = {
      message_kind: '2',
      message_is_read: '1',
      user_nickname: 'x',
      message_type: '0',
      userId: '1',
    }
    expect(await contentsOf(others)).to.have.length(2)
  })

  it('shows the chats with all others where none is named', async () => {
    await chat()
    expect(await contentsOf({ user_other_id: '' })).to.have.length(3)
  })

  it('knows a writer by the number that user/info gives the writer', async () => {
    await me.send(friend, 'x')
    const [item] = await itemsOf()
    const { json } = await client.get('user/info', {}, me.token)
    expect(dataOf<{ im: { puid: string } }>(json).im.puid).to.equal(String(item?.msg.userinfo.uid))
  })

  it('shows the size of a picture, the length of a recording and the number of a product', async () => {
    const shown = async (fields: Record<string, string>) => {
      const to = { user_other_id: String(friend.uid), ...fields }
      await client.post('userMessage/add', to, me.token)
      gateway.clock.advance(1000)
      return (await itemsOf())[0]?.msg.content
    }
    const picture = { message_cat: 'img', message_content: '/a.png', w: '30', h: '40' }
    expect(await shown(picture)).to.include({ text: '/a.png', message_w: 30, message_h: 40 })
    expect(await shown({ message_cat: 'voice', length: '7' })).to.include({ message_length: 7, item_id: 0 })
    expect(await shown({ message_cat: 'item', item_id: '1001' })).to.include({
      item_id: 1001,
      item_unit_price: 0,
      product_item_name: '',
      product_image: '',
    })
  })

  it('says in msg everything that is documented of a message, and the names that the H5 site reads', async () => {
    await me.send(friend, 'x')
    const { json } = await client.get(
      'userMessage/listChatMsg',
      { user_other_id: String(friend.uid) },
      me.token,
    )
    const [item] = dataOf<{ items: { msg: Record<string, unknown> }[] }>(json).items
    const { operations } = JSON.parse(readFileSync('gateway/move/check/documents/account-api.json', 'utf8'))
    const documented = operations.find(({ path }: { path: string }) =>
      path.endsWith('/userMessage/listChatMsg'),
    )
    const { msg } = documented.example.data.items[0]
    expect(item?.msg).to.include.all.keys(Object.keys(msg))
    expect(item?.msg['msg_row']).to.include.all.keys(Object.keys(msg.msg_row))
    expect(item?.msg).to.include({ type: 'text', id: item?.msg['message_id'], message_content: 'x', num: 1 })
  })

  itNeedsLogin(() => client.get('userMessage/listChatMsg'))
})
