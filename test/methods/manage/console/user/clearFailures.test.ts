import { expect } from 'chai'
import { addConsoleAdmin, consoleSession } from '../../../../console.js'
import { done, failed } from '../../../../answers.js'
import { withConsole } from '../suite.js'

withConsole('manage.console.user.clearFailures', {}, ({ gateway, admin, send, entries, isOfTheConsole }) => {
  const signIn = async (account: string, password: string) => {
    const body = new URLSearchParams({ user_account: account, password })
    return (await gateway.request('/front/account/login/login', { method: 'POST', body })).json
  }

  it('lets the right password in at once, after a pause had begun', async () => {
    const user = await gateway.addUser({ mobile: '13920000001' })
    const other = await gateway.addUser({ mobile: '13920000002' })
    for (const mobile of ['13920000001', '13920000002']) await signIn(mobile, 'a wrong one')
    await gateway.db('login_failure').update({ failures: 20 })
    for (const mobile of ['13920000001', '13920000002']) await signIn(mobile, 'a wrong one')
    expect(await signIn('13920000001', user.password)).to.include({ error: 'TOO_MANY_FAILURES' })
    expect((await send({ user_id: user.uid })).text).to.equal(done)
    expect(await signIn('13920000001', user.password)).to.include({ code: 0, status: 200 })
    expect(await signIn('13920000002', other.password)).to.include({ error: 'TOO_MANY_FAILURES' })
    expect(await entries()).to.deep.equal([{ actor_id: admin.uid, target_id: user.uid, detail: '' }])
  })

  it('clears once, however many ask for it at a time, and fails where nothing is counted', async () => {
    const user = await gateway.addUser({ mobile: '13920000003' })
    await signIn('13920000003', 'a wrong one')
    const answers = await Promise.all(Array.from({ length: 4 }, () => send({ user_id: user.uid })))
    expect(answers.map(({ text }) => text).sort()).to.deep.equal([done, failed, failed, failed].sort())
    expect((await send({ user_id: user.uid })).text).to.equal(failed)
    expect((await entries()).filter(({ target_id }) => target_id === user.uid)).to.have.length(1)
  })

  it('does not help against who is above', async () => {
    const { uid } = await addConsoleAdmin(gateway)
    const row = { subject: `${uid}/account`, failures: 9, blocked_until: 0 }
    await gateway.db('login_failure').insert({ ...row, expires_at: gateway.clock.now() + 60_000 })
    const officer = await consoleSession(gateway, { paths: ['/manage/console/user/*'] })
    const answer = await officer.call('manage.console.user.clearFailures', { user_id: uid })
    expect(answer.text).to.equal(failed)
  })

  isOfTheConsole({ user_id: 1 })
})
