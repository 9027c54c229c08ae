import { expect } from 'chai'
import type { TestUser } from '../../../harness.js'
import { withGateway } from '../../../suite.js'

const method = 'app.register.resetPwdByCode'
const success = '{"code":200,"data":[],"message":"操作成功"}'
const invalid = '{"code":404,"message":"验证信息无效"}'
const badPassword = '{"code":422,"message":"密码不合法"}'

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
    expect(text).to.equal(success)
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
    expect([...texts].sort()).to.deep.equal([success, invalid, invalid, invalid])
    expect(await isPassword(uid, passwords[texts.indexOf(success)] ?? '')).to.equal(true)
    expect((await reset(code, 'password five')).text).to.equal(invalid)
  })

  it('makes every older link of the user useless', async () => {
    const { email } = await addUser()
    const older = await recoveryToken(email)
    gateway.clock.advance(60_000)
    const newer = await recoveryToken(email)
    expect((await reset(newer, 'a new password')).text).to.equal(success)
    expect((await reset(older, 'another password')).text).to.equal(invalid)
  })

  it('makes every link useless when the password is changed otherwise', async () => {
    const { uid, email } = await addUser()
    const code = await recoveryToken(email)
    await gateway.call('web.passport.changePwd', { uid, newPassword: 'changed meanwhile' })
    expect((await reset(code, 'a new password')).text).to.equal(invalid)
    expect(await isPassword(uid, 'changed meanwhile')).to.equal(true)
  })

  it('has one answer for a token that is missing, empty, forged, cut or changed', async () => {
    const { email } = await addUser()
    const code = await recoveryToken(email)
    const changed = code.slice(0, 40) + (code[40] === 'x' ? 'y' : 'x') + code.slice(41)
    for (const spoilt of ['', 'abcdef', code.slice(0, -1), changed, `${code}A`, 'A'.repeat(2000)])
      expect((await reset(spoilt, 'a new password')).text, spoilt).to.equal(invalid)
    expect((await gateway.call(method, { newPwd: 'a new password' })).text, 'missing').to.equal(invalid)
    expect((await reset(code, 'a new password')).text).to.equal(success)
  })

  it('has the same answer for a verification token, which stays good', async () => {
    const { uid } = await addUser()
    await gateway.call('web.passport.verifyEmail', { uid, email: 'purpose@example.com' })
    const code = await gateway.lastMailToken('purpose@example.com')
    expect((await reset(code, 'a new password')).text).to.equal(invalid)
    expect((await gateway.call('web.passport.changeEmail', { code })).text).to.equal(success)
  })

  it('has the same answer when the user is gone', async () => {
    const { uid, email } = await addUser()
    const code = await recoveryToken(email)
    await gateway.services
      .db('account_user_base')
      .where({ user_id: Number(uid) })
      .delete()
    expect((await reset(code, 'a new password')).text).to.equal(invalid)
  })

  it('takes a token of 86400 seconds and none that is a second older', async () => {
    for (const [age, answer] of [
      [86_400, success],
      [86_401, invalid],
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
      expect((await reset(code, newPwd)).text, JSON.stringify(newPwd)).to.equal(badPassword)
    expect((await gateway.call(method, { code })).text, 'missing').to.equal(badPassword)
    expect(await isPassword(uid, password)).to.equal(true)
    expect((await reset(code, 'x'.repeat(64))).text).to.equal(success)
  })

  it('looks at the token before it looks at the password', async () => {
    for (const newPwd of ['', '12345']) expect((await reset('abcdef', newPwd)).text).to.equal(invalid)
    expect((await gateway.call(method, { code: 'abcdef' })).text).to.equal(invalid)
    expect((await gateway.call(method)).text).to.equal(invalid)
  })

  it('refuses the most common passwords, but not of legacy applications', async () => {
    const modern = await gateway.addApp({ scheme: 'hmac-sha256' })
    const { email } = await addUser()
    const code = await recoveryToken(email)
    const params = { code, newPwd: 'password' }
    expect((await gateway.call(method, params, { app: modern })).text).to.equal(badPassword)
    expect((await gateway.call(method, params)).text).to.equal(success)
  })
})
