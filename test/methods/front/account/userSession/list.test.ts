import { expect } from 'chai'
import { itNeedsLogin, withClient } from '../account-client.js'

const startedAt = Date.UTC(2026, 0, 5, 8)
const day = 86_400_000

withClient('front.account.userSession.list', (gateway, client) => {
  beforeEach(() => gateway.clock.freeze(startedAt))

  const idOf = async (token: string) => (await gateway.services.sessions.verify(token)).tokenId

  it('lists the caller’s live sessions, the newest first, and which one makes the call', async () => {
    const user = await gateway.addUser()
    const older = await user.startSession()
    gateway.clock.advance(60_000)
    const { sessions, db } = gateway.services
    const ip = '2001:db8::1'
    const newer = await sessions.start(db, { userId: user.uid, generation: 0, app: '', ip })
    await (await gateway.addUser()).startSession()
    const later = startedAt + 60_000
    expect((await client.get('userSession/list', {}, older)).text).to.equal(
      '{"status":200,"code":0,"msg":"操作成功","data":{"items":[' +
        `{"session_id":"${await idOf(newer)}","user_login_ip":"2001:db8::1","created_time":${later},` +
        `"expires_time":${later + day},"client":"","is_current":false},` +
        `{"session_id":"${await idOf(older)}","user_login_ip":"127.0.0.1","created_time":${startedAt},` +
        `"expires_time":${startedAt + day},"client":"web","is_current":true}],"page":1,"size":100,"records":2,"total":1},"error":null}`,
    )
  })

  it('lists none that has ended: by logout, by a change, or by its time', async () => {
    const user = await gateway.addUser()
    const { sessions, db } = gateway.services
    await user.startSession()
    await sessions.endAll(db, user.uid)
    sessions.forget(user.uid)
    await user.startSession()
    gateway.clock.advance(day - 1000)
    await sessions.end(db, await idOf(await user.startSession()))
    gateway.clock.advance(1000)
    const token = await user.startSession()
    const { json } = await client.get('userSession/list', {}, token)
    expect(json?.data).to.have.property('items').with.length(1)
  })

  itNeedsLogin(() => client.get('userSession/list'))
})
