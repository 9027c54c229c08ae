import { expect } from 'chai'
import { done, failed, loginRequired, paramRefusal } from '../../../../answers.js'
import { dataOf } from '../../../../harness.js'
import { withClient } from '../account-client.js'
import { addCorrespondent } from './message-users.js'
import { prepared } from '../../../../suite.js'

withClient('front.account.userMessage.setRead', (gateway, client) => {
  const me = prepared(beforeEach, () => addCorrespondent(gateway))
  const friend = prepared(beforeEach, () => addCorrespondent(gateway))
  const other = prepared(beforeEach, () => addCorrespondent(gateway))

  const setRead = async (fields: Record<string, string>, { token } = me) =>
    (await client.post('userMessage/setRead', fields, token)).text
  const unread = async ({ token } = me) =>
    dataOf<{ num: number }>((await client.get('userMessage/getMsgCount', {}, token)).json).num

  it('marks one message', async () => {
    const { message_other_id: id } = await friend.send(me, 'x')
    await friend.send(me, 'y')
    expect(await setRead({ message_id: String(id) })).to.equal(done)
    expect(await unread()).to.equal(1)
    expect(await setRead({ message_id: String(id) })).to.equal(done)
    expect(await unread()).to.equal(1)
  })

  it('marks what one user wrote', async () => {
    await friend.send(me, 'x')
    await friend.send(me, 'y')
    const { message_other_id: ofOther } = await other.send(me, 'z')
    expect(await setRead({ userOtherId: String(friend.uid), message_id: String(ofOther) })).to.equal(failed)
    expect(await setRead({ userOtherId: String(friend.uid) })).to.equal(done)
    expect(await unread()).to.equal(1)
  })

  it('marks all of the caller’s, nobody else’s', async () => {
    await friend.send(me, 'x')
    await other.send(me, 'y')
    await me.send(friend, 'z')
    expect(await setRead({})).to.equal(done)
    expect([await unread(), await unread(friend)]).to.deep.equal([0, 1])
    expect(await setRead({})).to.equal(done)
  })

  it('fails only where there is no such row, read or not, sent or received', async () => {
    expect(await setRead({})).to.equal(failed)
    expect(await setRead({ isAll: '1' })).to.equal(failed)
    const { message_id } = await me.send(friend, 'x')
    const one = { message_id: String(message_id) }
    for (const fields of [{}, { isAll: '1' }, { user_other_id: String(friend.uid) }, one])
      expect(await setRead(fields), JSON.stringify(fields)).to.equal(done)
    expect(await setRead({ user_other_id: String(other.uid) })).to.equal(failed)
    expect(await setRead({ user_other_id: 'undefined', message_id: '' })).to.equal(done)
  })

  it('fails for another’s message', async () => {
    const { message_other_id: id } = await me.send(friend, 'x')
    expect(await setRead({ message_id: String(id) })).to.equal(failed)
    expect(await unread(friend)).to.equal(1)
  })

  it('needs a login and a number', async () => {
    expect(await setRead({ message_id: 'x' })).to.equal(
      paramRefusal('message_id: integer from 0 to 9007199254740991'),
    )
    expect((await client.post('userMessage/setRead')).text).to.equal(loginRequired)
  })
})
