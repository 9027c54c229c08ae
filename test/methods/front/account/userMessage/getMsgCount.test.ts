import { expect } from 'chai'
import { loginRequired } from '../../../../answers.js'
import { dataOf } from '../../../../harness.js'
import { withClient } from '../account-client.js'
import { addCorrespondent } from './message-users.js'
import { prepared } from '../../../../suite.js'

const start = Date.UTC(2026, 0, 5, 8)

withClient('front.account.userMessage.getMsgCount', (gateway, client) => {
  beforeEach(() => gateway.clock.freeze(start))
  const me = prepared(beforeEach, () => addCorrespondent(gateway))
  const friend = prepared(beforeEach, () => addCorrespondent(gateway))

  const countOf = async (fields: Record<string, string> = {}) => {
    const { json } = await client.get('userMessage/getMsgCount', fields, me.token)
    const { num, msg_row: row } = dataOf<{ num: number; msg_row: { message_content: string } | null }>(json)
    return { num, newest: row === null ? null : row.message_content }
  }

  it('counts what the caller has not read, and shows the newest of it', async () => {
    await friend.send(me, 'first')
    gateway.clock.advance(1000)
    const { message_other_id: id } = await friend.send(me, 'second')
    await me.send(friend, 'sent')
    const { text } = await client.get('userMessage/getMsgCount', {}, me.token)
    expect(text).to.equal(
      '{"status":200,"code":0,"msg":"操作成功","data":{"num":2,"msg_row":{"message_cat":"text",' +
        '"message_content":"second","message_data_id":"","message_data_type":0,"message_h":0,' +
        `"message_id":${id},"message_is_delete":false,"message_is_read":false,"message_kind":2,"message_length":0,` +
        `"message_parent_id":0,"message_time":${start + 1000},"message_title":"","message_type":2,"message_w":0,` +
        `"user_id":${me.uid},"user_nickname":"${me.nickname}","user_other_id":${friend.uid},` +
        `"user_other_nickname":"${friend.nickname}"}},"error":null}`,
    )
    await client.get('userMessage/get', { message_id: String(id) }, me.token)
    expect(await countOf()).to.deep.equal({ num: 1, newest: 'first' })
  })

  it('shows with recently_flag only what came within five minutes', async () => {
    await friend.send(me, 'x')
    gateway.clock.advance(5 * 60_000)
    for (const flag of ['true', '1'])
      expect(await countOf({ recently_flag: flag })).to.include({ newest: 'x' })
    gateway.clock.advance(1)
    for (const flag of ['true', '1'])
      expect(await countOf({ recentlyFlag: flag })).to.deep.equal({ num: 1, newest: null })
    for (const flag of ['', '0', 'false', 'null'])
      expect(await countOf({ recently_flag: flag })).to.deep.equal({ num: 1, newest: 'x' })
  })

  it('shows none where all is read', async () => {
    expect((await client.get('userMessage/getMsgCount', {}, me.token)).text).to.equal(
      '{"status":200,"code":0,"msg":"操作成功","data":{"num":0,"msg_row":null},"error":null}',
    )
    expect((await client.get('userMessage/getMsgCount')).text).to.equal(loginRequired)
  })
})
