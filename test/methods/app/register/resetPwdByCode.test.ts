import { expect } from 'chai'
import { linkInvalid, passwordMalformed, succeeded } from '../../../answers.js'
import type { TestUser } from '../../../harness.js'
import { withGateway } from '../../../suite.js'

const method = 'app.register.resetPwdByCode'

withGateway(method, (gateway) => {
  let users = 0
  const addUser = async () => {
    const email = `user-${users++}@example.com`
    const user: TestUser = await gateway.addUser({ email })
    return { ...user, email, uid: String(user.uid) }
  }
  const recoveryToken = async (email: string) => {
    await gateway.call('app.register.backpwdByEmail', { email })
    return gateway.lastMailToken(email)
  }
  const reset = (code: string, newPwd: string) => gateway.call(method, { code, newPwd })
  const isPassword = async (uid: string, password: string) =>
    (await gateway.call('web.passport.verifyUserPwd', { uid, password })).json?.code === 200

  it('sets the new password in place of the old one', async () => {
    const { uid, email, password } = await addUser()
    const { status, text } = await reset(await recoveryToken(email), 'a new password')
    expect(status).to.equal(200)
    expect(text).to.equal(succeeded)
    expect(await isPassword(uid, 'a new password')).to.equal(true)
    expect(await isPassword(uid, password)).to.equal(false)
  })

  it('ends all sessions of the user and of nobody else', async () => {
    const user = await addUser()
    const other = await addUser()
    const publicApp = await gateway.addApp({ trust: 'public' })
    const sessions = [
      [user.uid, await user.startSession()],
      [user.uid, await user.startSession()],
      [other.uid, await other.startSession()],
    ] as const
    const codes = async () => {
      const calls = sessions.map(([uid, session_key]) =>
        gateway.call('web.passport.getLikeBrand', { uid, session_key }, { app: publicApp }),
      )
      return (await Promise.all(calls)).map(({ json }) => json?.code)
    }
    expect(await codes()).to.deep.equal([200, 200, 200])
    await reset(await recoveryToken(user.email), 'a new password')
    expect(await codes()).to.deep.equal([10014, 10014, 200])
  })

  it('lets the user know by mail', async () => {
    const { email } = await addUser()
    await reset(await recoveryToken(email), 'a new password')
    const [notice, link] = await gateway.sentTo(email)
    expect(notice?.subject).to.equal('密码已修改 / Password changed')
    expect(notice?.text).to.not.contain('a new password')
    expect(link?.subject).to.equal('重设您的密码 / Reset your password')
  })

  it('uses the token up, even when it is used many times at once', async () => {
    const { uid, email } = await addUser()
    const code = await recoveryToken(email)
    const passwords = ['password one', 'password two', 'password three', 'password four']
    const texts = (await Promise.all(passwords.map((newPwd) => reset(code, newPwd)))).map(({ text }) => text)
    expect([...texts].sort()).to.deep.equal([succeeded, linkInvalid, linkInvalid, linkInvalid])
    expect(await isPassword(uid, passwords[texts.indexOf(succeeded)] ?? '')).to.equal(true)
    expect((await reset(code, 'password five')).text).to.equal(linkInvalid)
  })

  it('makes every older link of the user useless', async () => {
    const { email } = await addUser()
    const older = await recoveryToken(email)
    gateway.clock.advance(60_000)
    const newer = await recoveryToken(email)
    expect((await reset(newer, 'a new password')).text).to.equal(succeeded)
    expect((await reset(older, 'another password')).text).to.equal(linkInvalid)
  })

  it('makes every link useless when the password is changed otherwise', async () => {
    const { uid, email } = await addUser()
    const code = await recoveryToken(email)
    await gateway.call('web.passport.changePwd', { uid, newPassword: 'changed meanwhile' })
    expect((await reset(code, 'a new password')).text).to.equal(linkInvalid)
    expect(await isPassword(uid, 'changed meanwhile')).to.equal(true)
  })

  it('has one answer for a token that is missing, empty, forged, cut or changed', async () => {
    const { email } = await addUser()
    const code = await recoveryToken(email)
    const changed = code.slice(0, 40) + (code[40] === 'x' ? 'y' : 'x') + code.slice(41)
    for (const spoilt of ['', 'abcdef', code.slice(0, -1), changed, `${code}A`, 'A'.repeat(2000)])
      expect((await reset(spoilt, 'a new password')).text, spoilt).to.equal(linkInvalid)
    expect((await gateway.call(method, { newPwd: 'a new password' })).text, 'missing').to.equal(linkInvalid)
    expect((await reset(code, 'a new password')).text).to.equal(succeeded)
  })

  it('has the same answer for a verification token, which stays good', async () => {
    const { uid } = await addUser()
    await gateway.call('web.passport.verifyEmail', { uid, email: 'purpose@example.com' })
    const code = await gateway.lastMailToken('purpose@example.com')
    expect((await reset(code, 'a new password')).text).to.equal(linkInvalid)
    expect((await gateway.call('web.passport.changeEmail', { code })).text).to.equal(succeeded)
  })

  it('has the same answer when the user is gone', async () => {
    const { uid, email } = await addUser()
    const code = await recoveryToken(email)
    await gateway
      .db('account_user_base')
      .where({ user_id: Number(uid) })
      .delete()
    expect((await reset(code, 'a new password')).text).to.equal(linkInvalid)
  })

  it('takes a token of 86400 seconds and none that is a second older', async () => {
    for (const [age, answer] of [
      [86_400, succeeded],
      [86_401, linkInvalid],
    ] as const) {
      const { email } = await addUser()
      gateway.clock.freeze(Math.floor(gateway.clock.now() / 1000) * 1000)
      const code = await recoveryToken(email)
      gateway.clock.advance(age * 1000)
      expect((await reset(code, 'a new password')).text, `${age} s`).to.equal(answer)
    }
  })

  it('refuses a password against the rule, and leaves the token good', async () => {
    const { uid, email, password } = await addUser()
    const code = await recoveryToken(email)
    for (const newPwd of ['', '12345', 'x'.repeat(65), 'line\nbreak', 'null\0byte'])
      expect((await reset(code, newPwd)).text, JSON.stringify(newPwd)).to.equal(passwordMalformed)
    expect((await gateway.call(method, { code })).text, 'missing').to.equal(passwordMalformed)
    expect(await isPassword(uid, password)).to.equal(true)
    expect((await reset(code, 'x'.repeat(64))).text).to.equal(succeeded)
  })

  it('looks at the token before it looks at the password', async () => {
    for (const newPwd of ['', '12345']) expect((await reset('abcdef', newPwd)).text).to.equal(linkInvalid)
    expect((await gateway.call(method, { code: 'abcdef' })).text).to.equal(linkInvalid)
    expect((await gateway.call(method)).text).to.equal(linkInvalid)
  })

  it('refuses the most common passwords, but not of legacy applications', async () => {
    const modern = await gateway.addApp({ scheme: 'hmac-sha256' })
    const { email } = await addUser()
    const code = await recoveryToken(email)
    const params = { code, newPwd: 'password' }
    expect((await gateway.call(method, params, { app: modern })).text).to.equal(passwordMalformed)
    expect((await gateway.call(method, params)).text).to.equal(succeeded)
  })
})
