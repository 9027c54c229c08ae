import { expect } from 'chai'
import { updateConsoleSession } from '../../../db/console-sessions.js'
import { doneWith, loginRequired, pathNotFound, permissionDenied, refusal } from '../../answers.js'
import { addConsoleAdmin, consoleSession, cookieOf, postConsole } from '../../console.js'
import { dataOf } from '../../harness.js'
import { withGateway } from '../../suite.js'

const minutes = 60_000
const hours = 60 * minutes

withGateway('the console’s calls', { CONSOLE: 'on' }, (gateway) => {
  it('sign an administrator in by name and password, and out', async () => {
    const { account, password, uid } = await addConsoleAdmin(gateway)
    const answer = await postConsole(gateway, '/session/password', { name: account, password })
    expect(dataOf(answer.json)).to.include({ stage: 'full' })
    expect(answer.headers.get('set-cookie')).to.match(
      /^__Host-passport-console=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    )
    const Cookie = cookieOf(answer)
    const own = await postConsole(gateway, '/manage/console/account/get', {}, { Cookie })
    expect(dataOf<{ sessions: object[] }>(own.json).sessions).to.have.length(1)
    const left = await postConsole(gateway, '/session/end', {}, { Cookie })
    expect(left.text).to.equal(doneWith('{"stage":"none"}'))
    expect(left.headers.get('set-cookie')).to.match(/^__Host-passport-console=; .*Max-Age=0$/)
    const after = await postConsole(gateway, '/manage/console/account/get', {}, { Cookie })
    expect(after.text).to.equal(loginRequired)
    const entries = await gateway
      .db('audit_entry')
      .where({ target_id: uid })
      .orderBy('audit_id')
      .pluck('action')
    expect(entries).to.deep.equal(['console.session.password', 'console.session.end'])
  })

  it('store no more of the cookie than its digest', async () => {
    const { cookie, uid } = await consoleSession(gateway)
    const rows = JSON.stringify(await gateway.db('console_session').where({ user_id: uid }))
    expect(rows).to.not.include(cookie.split('=')[1])
  })

  it('refuse a wrong password, a user who is no administrator and one who is locked', async () => {
    const admin = await addConsoleAdmin(gateway)
    const user = await gateway.addUser()
    const [user_account = ''] = await gateway
      .db('account_user_base')
      .where({ user_id: user.uid })
      .pluck('user_account')
    const tryIn = async (name: string, password: string) =>
      (await postConsole(gateway, '/session/password', { name, password })).text
    const wrong = refusal(300, '用户名或者密码不正确', 'PASSWORD_WRONG')
    expect(await tryIn(admin.account, 'wrong password')).to.equal(wrong)
    expect(await tryIn('nobody of this name', 'wrong password')).to.equal(wrong)
    expect(await tryIn(user_account, user.password)).to.equal(permissionDenied)
    await gateway.db('account_user_base').where({ user_id: admin.uid }).update({ user_locked: 1 })
    expect(await tryIn(admin.account, admin.password)).to.include('USER_LOCKED')
  })

  it('call methods of manage by the role, old ones and those of the console', async () => {
    const officer = await consoleSession(gateway, { paths: ['/manage/account/user/list'] })
    expect((await officer.call('manage.account.user.list')).json).to.include({ code: 0 })
    expect((await officer.call('manage.account.user.get', { user_id: 1 })).text).to.equal(permissionDenied)
    expect((await officer.call('manage.account.userTagGroup.tree')).json).to.include({ code: 0 })
    expect((await officer.call('manage.no.such.method')).text).to.equal(pathNotFound)
    expect((await officer.call('front.account.user.info')).text).to.equal(pathNotFound)
  })

  it('are answered to no page of another origin, and to no request without one', async () => {
    const { cookie: Cookie } = await consoleSession(gateway)
    const ask = (headers: Record<string, string | undefined>) =>
      postConsole(gateway, '/manage/console/account/get', {}, { Cookie, ...headers })
    const foreign = [
      'https://evil.example',
      'null',
      'http://127.0.0.1:1',
      `${gateway.url}.evil.example`,
      undefined,
    ]
    for (const Origin of foreign) expect((await ask({ Origin })).text, Origin).to.equal(permissionDenied)
    expect((await ask({ 'Sec-Fetch-Site': 'cross-site' })).text).to.equal(permissionDenied)
    expect((await ask({ Origin: 'http://passport.test' })).json).to.include({ code: 0 })
    const form = await gateway.request('/console/api/session/end', { method: 'POST', headers: { Cookie } })
    expect(form.text).to.equal(permissionDenied)
    expect((await ask({})).json).to.include({ code: 0 })
    const read = await gateway.request('/console/api/manage/console/account/get', { headers: { Cookie } })
    expect(read.status).to.equal(404)
  })

  it('can be framed, sniffed and kept by nobody, and read by no other origin', async () => {
    const { cookie: Cookie } = await consoleSession(gateway)
    const { headers } = await postConsole(gateway, '/session', {}, { Cookie })
    expect(headers.get('x-frame-options')).to.equal('DENY')
    expect(headers.get('content-security-policy')).to.include("frame-ancestors 'none'")
    expect(headers.get('cache-control')).to.equal('no-store')
    expect(headers.get('x-content-type-options')).to.equal('nosniff')
    expect(headers.get('access-control-allow-origin')).to.equal(null)
  })

  it('know no session that the caller chose or had before', async () => {
    const { account: name, password } = await addConsoleAdmin(gateway)
    const planted = `__Host-passport-console=${'A'.repeat(43)}`
    const first = await postConsole(gateway, '/session/password', { name, password }, { Cookie: planted })
    expect(cookieOf(first)).to.not.equal(planted)
    const Cookie = cookieOf(first)
    const second = await postConsole(gateway, '/session/password', { name, password }, { Cookie })
    expect(cookieOf(second)).to.not.equal(Cookie)
    const old = await postConsole(gateway, '/manage/console/account/get', {}, { Cookie })
    expect(old.text).to.equal(loginRequired)
  })

  it('end with a session that nobody uses, or that is old', async () => {
    const { call, cookie, uid } = await consoleSession(gateway)
    const [id = ''] = await gateway.db('console_session').where({ user_id: uid }).pluck('session_id')
    const now = gateway.clock.now()
    await updateConsoleSession(gateway.db, id, { seen_at: now - 29 * minutes })
    const background = { Cookie: cookie, 'X-Console-Background': '1' }
    expect((await postConsole(gateway, '/manage/console/account/get', {}, background)).json).to.include({
      code: 0,
    })
    const seen = async () => (await gateway.db('console_session').where({ user_id: uid }).pluck('seen_at'))[0]
    expect(await seen()).to.equal(now - 29 * minutes)
    expect((await call('manage.console.account.get')).json).to.include({ code: 0 })
    expect(await seen()).to.be.at.least(now)
    await updateConsoleSession(gateway.db, id, { seen_at: now - 30 * minutes })
    expect((await call('manage.console.account.get')).text).to.equal(loginRequired)
    const late = await consoleSession(gateway)
    const row = await gateway.db('console_session').where({ user_id: late.uid }).first()
    expect(row && row.expires_at - row.created_at).to.equal(12 * hours)
    await gateway
      .db('console_session')
      .where({ user_id: late.uid })
      .update({ expires_at: now - 1 })
    expect((await late.call('manage.console.account.get')).text).to.equal(loginRequired)
  })

  it('leave the console’s own methods unknown to everybody else', async () => {
    const { call } = await consoleSession(gateway)
    const { ofConsole, byName, byPath } = gateway.gateway.table
    const own = [...ofConsole.values()].filter(({ auth }) => auth === 'console')
    expect(own.length).to.be.above(0)
    for (const { name, contract } of own) {
      expect(name).to.match(/^manage\.console\./)
      expect(byName.has(name) || byPath.has(`/${name.replaceAll('.', '/')}`), name).to.equal(false)
      expect(contract.name).to.equal(name)
      expect((await gateway.call(name)).json, name).to.include({ code: 1000 })
      expect((await gateway.request(`/gateway/${name}`)).json, name).to.include({ code: 1000 })
      const rest = await gateway.request(`/${name.replaceAll('.', '/')}`, { method: 'POST' })
      expect(rest.text, name).to.equal(pathNotFound)
    }
    expect((await call('manage.console.account.get')).json).to.include({ code: 0 })
    expect(JSON.stringify((await gateway.request('/openapi.json')).json)).to.not.include('manage.console.')
  })

  it('end on all nodes with the role, a lock and a new password', async () => {
    const { db } = gateway
    const ends: Record<string, (uid: number) => Promise<unknown>> = {
      role: (uid) => db('admin_user_admin').where({ user_id: uid }).delete(),
      lock: (uid) => db('account_user_base').where({ user_id: uid }).update({ user_locked: 1 }),
      generation: (uid) => gateway.services.sessions.endAll(db, uid),
    }
    for (const [what, end] of Object.entries(ends)) {
      const { uid, call } = await consoleSession(gateway)
      await end(uid)
      expect((await call('manage.console.account.get')).text, what).to.equal(loginRequired)
    }
  })
})
