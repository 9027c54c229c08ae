import { expect } from 'chai'
import { loginRequired } from '../../../../answers.js'
import { cookieOf, postConsole } from '../../../../console.js'
import { withOwnAccount } from './own-account.js'

withOwnAccount('endSessions', ({ gateway, enter, ask, send, entriesOf }) => {
  type Session = { session_id: string; is_own: boolean }
  const another = async ({ account: name, password }: { account: string; password: string }) =>
    cookieOf(await postConsole(gateway, '/session/password', { name, password }))
  const isIn = async (cookie: string | undefined) =>
    (await postConsole(gateway, '/manage/console/account/get', {}, { Cookie: cookie })).text !== loginRequired

  it('ends one of the own sessions, or all but that of the call', async () => {
    const admin = await enter()
    const others = [await another(admin), await another(admin)]
    const sessions = (await ask(admin, 'get'))['sessions'] as Session[]
    const ended = sessions.find(({ is_own }) => !is_own)
    expect((await send(admin, { session_id: ended?.session_id })).json).to.include({ code: 0 })
    expect((await Promise.all(others.map(isIn))).filter((is) => is)).to.have.length(1)
    expect((await send(admin)).json).to.include({ code: 0 })
    expect(await Promise.all(others.map(isIn))).to.deep.equal([false, false])
    expect(await isIn(admin.cookie)).to.equal(true)
    const details = (await entriesOf(admin)).map((entry) => (entry as { detail: string }).detail)
    expect(details).to.deep.equal(['one session', 'all other sessions'])
  })

  it('ends nobody else’s session', async () => {
    const [admin, other] = [await enter(), await enter()]
    const [session] = (await ask(other, 'get'))['sessions'] as Session[]
    expect((await send(admin, { session_id: session?.session_id })).json).to.include({
      error: 'OPERATION_FAILED',
    })
    expect(await isIn(other.cookie)).to.equal(true)
  })
})
