import { expect } from 'chai'
import { done, loginRequired } from '../../../../answers.js'
import { withClient } from '../account-client.js'
import { addCorrespondent, type Correspondent } from './message-users.js'
import { prepared } from '../../../../suite.js'

const at = Date.UTC(2026, 0, 5, 8)

withClient('front.account.userMessage.get', (gateway, client) => {
  before(() => gateway.clock.freeze(at))
  const sender = prepared(before, () => addCorrespondent(gateway))
  const receiver = prepared(before, () => addCorrespondent(gateway))

  const get = (id: number | string, { token }: Correspondent) =>
    client.get('userMessage/get', { message_id: String(id) }, token)

  it('marks a message as read, and answers it as it was before', async () => {
    const { message_other_id: id } = await sender.send(receiver, '你好')
    const answer = (isRead: boolean) =>
      '{"status":200,"code":0,"msg":"操作成功","data":{"message_cat":"text","message_content":"你好",' +
      `"message_data_id":"","message_data_type":0,"message_h":0,"message_id":${id},"message_is_delete":false,` +
      `"message_is_read":${isRead},"message_kind":2,"message_length":0,"message_parent_id":0,"message_time":${at},` +
      `"message_title":"","message_type":2,"message_w":0,"user_id":${receiver.uid},` +
      `"user_nickname":"${receiver.nickname}","user_other_id":${sender.uid},` +
      `"user_other_nickname":"${sender.nickname}"},"error":null}`
    expect((await get(id, receiver)).text).to.equal(answer(false))
    expect((await get(id, receiver)).text).to.equal(answer(true))
  })

  it('answers null for another’s message, which stays unread, and for one that is none', async () => {
    const { message_id: sent, message_other_id: received } = await sender.send(receiver, 'x')
    expect((await get(received, sender)).text).to.equal(done)
    expect((await get(sent, receiver)).text).to.equal(done)
    expect((await get(999_999_999, sender)).text).to.equal(done)
    expect((await get(received, receiver)).json?.data).to.include({ message_is_read: false })
  })

  it('answers what the caller has sent', async () => {
    const { message_id: sent } = await sender.send(receiver, 'mine')
    expect((await get(sent, sender)).json?.data).to.include({ message_content: 'mine', message_kind: 1 })
  })

  it('wants the number of a message', async () => {
    for (const id of ['', 'x', '1.5', '-1'])
      expect((await get(id, sender)).json).to.include({ code: 300, error: 'PARAM_ERROR' })
    expect((await client.get('userMessage/get', { message_id: '1' })).text).to.equal(loginRequired)
  })
})
