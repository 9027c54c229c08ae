import { expect } from 'chai'
import { emailMalformed, linkInvalid, succeeded } from '../../../answers.js'
import { withGateway } from '../../../suite.js'

const method = 'web.passport.changeEmail'

withGateway(method, (gateway) => {
  const tokenFor = async (uid: number, email: string) => {
    await gateway.call('web.passport.verifyEmail', { uid: String(uid), email })
    return gateway.lastMailToken(email.toLowerCase())
  }
  const change = (code: string, name = method) => gateway.call(name, { code })
  const infoOf = async (uid: number) =>
    (await gateway.call('web.passport.getUserVerifyInfo', { uid: String(uid) })).json?.data

  it("stores and verifies the token's address, in lower case", async () => {
    const { uid } = await gateway.addUser({ email: 'old@example.com' })
    const code = await tokenFor(uid, 'New@Example.com')
    gateway.clock.freeze(1458378392_046)
    const { status, text } = await change(await tokenFor(uid, 'Frozen@Example.com'))
    expect(status).to.equal(200)
    expect(text).to.equal(succeeded)
    expect(await infoOf(uid)).to.include({
      email: 'frozen@example.com',
      emailVerify: 'Y',
      emailVerifyTime: '2016-03-19 17:06:32',
    })
    gateway.clock.freeze(Date.now())
    expect((await change(code)).text, 'a link mailed before the change').to.equal(linkInvalid)
  })

  it('has no use for a link that was mailed before the password changed', async () => {
    const { uid } = await gateway.addUser({ email: 'owner@example.com' })
    const code = await tokenFor(uid, 'thief@example.com')
    await gateway.call('web.passport.changePwd', { uid: String(uid), newPassword: 'another password' })
    expect((await change(code)).text).to.equal(linkInvalid)
    expect(await infoOf(uid)).to.include({ email: 'owner@example.com' })
  })

  it('tells the old address', async () => {
    const { uid } = await gateway.addUser({ email: 'told@example.com' })
    await change(await tokenFor(uid, 'untold@example.com'))
    expect((await gateway.sentTo('told@example.com')).map(({ subject }) => subject)).to.deep.equal([
      '邮箱已更改 / E-mail address changed',
    ])
  })

  it('tells the number of who had no address', async () => {
    const { uid } = await gateway.addUser({ mobile: '13912340000' })
    await change(await tokenFor(uid, 'first@example.com'))
    const [message, ...more] = await gateway.sentTo('+8613912340000')
    expect(more).to.deep.equal([])
    expect(message?.text).to.include('您的账号已绑定新的邮箱。').and.not.include('first@example.com')
    expect((await gateway.sentTo('first@example.com')).map(({ subject }) => subject)).to.not.include(
      '邮箱已更改 / E-mail address changed',
    )
  })

  it('answers to web.passport.changeVerifyEmail too', async () => {
    const { uid } = await gateway.addUser()
    const code = await tokenFor(uid, 'alias@example.com')
    expect((await change(code, 'web.passport.changeVerifyEmail')).text).to.equal(succeeded)
    expect(await infoOf(uid)).to.include({ email: 'alias@example.com', emailVerify: 'Y' })
    expect((await change(code)).text).to.equal(linkInvalid)
  })

  it('gives the old address free', async () => {
    const { uid } = await gateway.addUser({ email: 'leaving@example.com' })
    await change(await tokenFor(uid, 'arrived@example.com'))
    const other = await gateway.addUser()
    expect((await change(await tokenFor(other.uid, 'leaving@example.com'))).text).to.equal(succeeded)
    expect(await infoOf(uid)).to.include({ email: 'arrived@example.com', emailVerify: 'Y' })
  })

  it('takes the address over from a user who only claimed it', async () => {
    const claimer = await gateway.addUser({ email: 'claimed@example.com', verified: false })
    const { uid } = await gateway.addUser()
    expect((await change(await tokenFor(uid, 'claimed@example.com'))).text).to.equal(succeeded)
    expect(await infoOf(uid)).to.include({ email: 'claimed@example.com', emailVerify: 'Y' })
    expect(await infoOf(claimer.uid)).to.include({ emailVerify: 'N', emailVerifyTime: '' })
  })

  it('ends the sessions when the address changes, and only then', async () => {
    const user = await gateway.addUser({ email: 'same@example.com', verified: false })
    const publicApp = await gateway.addApp({ trust: 'public' })
    const session_key = await user.startSession()
    const codeWithSession = async () => {
      const params = { uid: String(user.uid), session_key }
      return (await gateway.call('web.passport.getUserHabits', params, { app: publicApp })).json?.code
    }
    await change(await tokenFor(user.uid, 'same@example.com'))
    expect(await codeWithSession()).to.equal(200)
    await change(await tokenFor(user.uid, 'changed@example.com'))
    expect(await codeWithSession()).to.equal(10014)
  })

  it('uses the token up, even when it is used many times at once', async () => {
    const { uid } = await gateway.addUser()
    const code = await tokenFor(uid, 'once@example.com')
    const texts = (await Promise.all(Array.from({ length: 8 }, () => change(code)))).map(({ text }) => text)
    expect(texts.sort()).to.deep.equal([succeeded, ...Array(7).fill(linkInvalid)])
    expect((await change(code)).text).to.equal(linkInvalid)
  })

  it('gives an address to one of two users who verify it at once', async () => {
    const users = [await gateway.addUser(), await gateway.addUser()]
    const codes: string[] = []
    for (const { uid } of users) {
      codes.push(await tokenFor(uid, 'contested@example.com'))
      gateway.clock.advance(60_000)
    }
    const answers = await Promise.all(codes.map((code) => change(code)))
    expect(answers.map(({ json }) => json?.code)).to.have.members([200, 404])
    const winner = answers.findIndex(({ json }) => json?.code === 200)
    const infos = await Promise.all(users.map(({ uid }) => infoOf(uid)))
    expect(infos[winner]).to.include({ email: 'contested@example.com', emailVerify: 'Y' })
    expect(infos[1 - winner]).to.include({ email: '', emailVerify: 'N' })
  })

  it('has one answer for a token that is missing, empty, forged, cut or changed', async () => {
    const { uid } = await gateway.addUser()
    const code = await tokenFor(uid, 'spoilt@example.com')
    const changed = code.slice(0, 30) + (code[30] === 'x' ? 'y' : 'x') + code.slice(31)
    for (const spoilt of ['', 'abcdef', code.slice(0, -1), changed, `${code}A`, 'A'.repeat(2000)]) {
      const { status, text } = await change(spoilt)
      expect(status).to.equal(200)
      expect(text, spoilt).to.equal(linkInvalid)
    }
    expect((await gateway.call(method)).text, 'missing').to.equal(linkInvalid)
    expect(await infoOf(uid)).to.include({ email: '', emailVerify: 'N' })
  })

  it('has the same answer for a recovery token, which stays good', async () => {
    await gateway.addUser({ email: 'forgetful@example.com' })
    await gateway.call('app.register.backpwdByEmail', { email: 'forgetful@example.com' })
    const code = await gateway.lastMailToken('forgetful@example.com')
    expect((await change(code)).text).to.equal(linkInvalid)
    expect((await gateway.call('web.passport.checkCodeValid', { code })).text).to.equal(succeeded)
  })

  it('has the same answer when the user is gone', async () => {
    const { uid } = await gateway.addUser()
    const code = await tokenFor(uid, 'gone@example.com')
    await gateway.db('account_user_base').where({ user_id: uid }).delete()
    expect((await change(code)).text).to.equal(linkInvalid)
  })

  it('takes a token of 86400 seconds and none that is a second older', async () => {
    for (const [age, answer] of [
      [86_400, succeeded],
      [86_401, linkInvalid],
    ] as const) {
      const { uid } = await gateway.addUser()
      gateway.clock.freeze(Math.floor(gateway.clock.now() / 1000) * 1000)
      const code = await tokenFor(uid, `aged-${age}@example.com`)
      gateway.clock.advance(age * 1000)
      expect((await change(code)).text, `${age} s`).to.equal(answer)
    }
  })

  it('verifies an address of 50 characters; longer ones the user table cannot keep', async () => {
    const email = `${'e'.repeat(38)}@example.com`
    const { uid } = await gateway.addUser()
    expect((await change(await tokenFor(uid, email))).text).to.equal(succeeded)
    expect(await infoOf(uid)).to.include({ email, emailVerify: 'Y' })
    const longer = await gateway.call('web.passport.verifyEmail', { uid: String(uid), email: `e${email}` })
    expect(longer.text).to.equal(emailMalformed)
  })
})
