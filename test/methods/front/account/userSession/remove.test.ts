import { expect } from 'chai'
import { done, failed, loginRequired } from '../../../../answers.js'
import { isAlive, withClient } from '../account-client.js'

withClient('front.account.userSession.remove', (gateway, client) => {
  const idOf = async (token: string) => (await gateway.services.sessions.verify(token)).tokenId
  const remove = async (fields: Record<string, string>, token?: string) =>
    (await client.post('userSession/remove', fields, token)).text
  const areAlive = (...tokens: string[]) => Promise.all(tokens.map((token) => isAlive(gateway, token)))

  it('ends one of one’s own sessions at once, by POST and GET', async () => {
    const user = await gateway.addUser()
    const [own, first, second] = [
      await user.startSession(),
      await user.startSession(),
      await user.startSession(),
    ]
    expect(await remove({ session_id: await idOf(first) }, own)).to.equal(done)
    expect(await areAlive(own, first, second)).to.deep.equal([true, false, true])
    const { text } = await client.get('userSession/remove', { sessionId: await idOf(second) }, own)
    expect(text).to.equal(done)
    expect(await areAlive(own, second)).to.deep.equal([true, false])
    const audit = gateway.db('audit_entry').where({ actor_id: user.uid })
    expect(await audit.pluck('action')).to.deep.equal(
      Array.from({ length: 2 }, () => 'front.account.userSession.remove'),
    )
  })

  it('ends the session of the call like any other', async () => {
    const user = await gateway.addUser()
    const own = await user.startSession()
    expect(await remove({ session_id: await idOf(own) }, own)).to.equal(done)
    expect(await areAlive(own)).to.deep.equal([false])
  })

  it('ends none that is another’s, that has ended, or that never was', async () => {
    const user = await gateway.addUser()
    const [own, ended] = [await user.startSession(), await user.startSession()]
    const stranger = await (await gateway.addUser()).startSession()
    const endedId = await idOf(ended)
    await remove({ session_id: endedId }, own)
    for (const session_id of [await idOf(stranger), endedId, 'x'.repeat(22), ''])
      expect(await remove({ session_id }, own)).to.equal(failed)
    expect(await remove({}, own)).to.equal(failed)
    expect(await remove({ others: 'false' }, own)).to.equal(failed)
    expect(await areAlive(own, stranger)).to.deep.equal([true, true])
  })

  it('ends all others, and nobody else’s', async () => {
    const user = await gateway.addUser()
    const [own, first, second] = [
      await user.startSession(),
      await user.startSession(),
      await user.startSession(),
    ]
    const stranger = await (await gateway.addUser()).startSession()
    expect(await areAlive(own, first, second)).to.deep.equal([true, true, true])
    expect(await remove({ others: 'true' }, own)).to.equal(done)
    expect(await areAlive(own, first, second, stranger)).to.deep.equal([true, false, false, true])
    const { json } = await client.get('userSession/list', {}, own)
    expect(json?.data).to.have.property('items').with.length(1)
    expect(await areAlive(await user.startSession())).to.deep.equal([true])
  })

  it('needs a login', async () => {
    expect(await remove({ others: 'true' })).to.equal(loginRequired)
  })
})
