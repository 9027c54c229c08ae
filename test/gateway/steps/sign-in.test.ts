import { expect } from 'chai'
import { signInAgain, uidMissing } from '../../answers.js'
import type { CallOptions } from '../../harness.js'
import { prepared, withGateway } from '../../suite.js'

withGateway('a public application, whose key is known to all', (gateway) => {
  const app = prepared(before, () => gateway.addApp({ trust: 'public' }))
  const user = prepared(before, () => gateway.addUser({ mobile: '13912345678' }))

  const habits = (params: Record<string, string>, options: CallOptions = {}) =>
    gateway.call('web.passport.getUserHabits', { uid: String(user.uid), ...params }, { app, ...options })

  it('may call a method for a user with a live session of that very user', async () => {
    const token = await user.startSession()
    for (const name of ['session_key', 'access_token', 'perm_key'])
      expect((await habits({ [name]: token })).json?.code, name).to.equal(200)
    expect((await habits({}, { headers: { Authorization: `Bearer ${token}` } })).json?.code).to.equal(200)
  })

  it('is asked to log in without one, with a broken, an ended or an expired one', async () => {
    expect((await habits({})).text).to.equal(signInAgain)
    for (const none of ['', 'null', 'broken', 'a.b.c'])
      expect((await habits({ session_key: none })).text).to.equal(signInAgain)
    const ended = await user.startSession()
    await gateway.request(`/front/account/login/logout?access_token=${ended}`)
    expect((await habits({ session_key: ended })).text).to.equal(signInAgain)
    const expired = await user.startSession()
    gateway.clock.advance(25 * 3_600_000)
    expect((await habits({ session_key: expired })).text).to.equal(signInAgain)
  })

  it("is asked to log in with another user's session, and cannot tell whether the user exists", async () => {
    const other = await (await gateway.addUser()).startSession()
    expect((await habits({ session_key: other })).text).to.equal(signInAgain)
    expect((await habits({ session_key: other, uid: '987654321' })).text).to.equal(signInAgain)
  })

  it('needs the session also where uid is optional, and none where there is no uid', async () => {
    const send = (params: Record<string, string>) => gateway.call('web.passport.sendcode', params, { app })
    expect((await send({ mobile: '13912345678', uid: String(user.uid) })).text).to.equal(signInAgain)
    expect((await send({ mobile: '13912345679' })).json?.code).to.equal(200)
  })

  it('hears of its parameters before it is asked to log in', async () => {
    expect((await habits({ uid: '' })).text).to.equal(uidMissing)
  })

  it('differs from a server application, which is trusted for any user', async () => {
    expect((await habits({}, { app: gateway.web })).json?.code).to.equal(200)
    expect((await habits({ session_key: 'broken' }, { app: gateway.web })).json?.code).to.equal(200)
  })
})
