import { expect } from 'chai'
import { itNeedsLogin, withClient } from '../account-client.js'
import { addCorrespondent } from './message-users.js'

withClient('front.account.userMessage.getMessageNum', (gateway, client) => {
  it('counts what was received: unread, and (under its old name) read', async () => {
    const [me, friend] = [await addCorrespondent(gateway), await addCorrespondent(gateway)]
    const count = async () => (await client.get('userMessage/getMessageNum', {}, me.token)).text
    const answer = (unread: number, read: number) =>
      '{"status":200,"code":0,"msg":"操作成功",' +
      `"data":{"unread_number":${unread},"red_number":${read}},"error":null}`
    expect(await count()).to.equal(answer(0, 0))
    const { message_other_id: id } = await friend.send(me, 'a')
    await friend.send(me, 'b')
    await friend.send(me, 'c')
    await me.send(friend, 'd')
    await client.get('userMessage/get', { message_id: String(id) }, me.token)
    expect(await count()).to.equal(answer(2, 1))
  })

  itNeedsLogin(() => client.get('userMessage/getMessageNum'))
})
