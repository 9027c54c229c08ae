import { expect } from 'chai'
import { done, loginRequired, passwordWrongForm, refusal, tokenBroken } from '../../../../answers.js'
import { isAlive, withClient } from '../account-client.js'

const wrongOld = refusal(0, '旧密码不正确！', 'OLD_PASSWORD_REFUSED')
const fresh = 'the new password'

withClient('front.account.login.changePassword', (gateway, client) => {
  let lastMobile = 13_500_000_000
  const nextMobile = () => String(++lastMobile)
  const change = (old_password: string, password: string, token?: string) =>
    client.post('login/changePassword', { old_password, password }, token)
  const signIn = (user_account: string, password: string) =>
    client.post('login/login', { user_account, password })

  it('sets it, keeps the session of the call, ends all others and tells the user', async () => {
    const mobile = nextMobile()
    const user = await gateway.addUser({ mobile })
    const [own, other] = [await user.startSession(), await user.startSession()]
    for (const token of [own, other]) expect(await isAlive(gateway, token)).to.equal(true)
    expect((await change(user.password, fresh, own)).text).to.equal(done)
    expect(await isAlive(gateway, own)).to.equal(true)
    expect(await isAlive(gateway, other)).to.equal(false)
    expect((await signIn(mobile, fresh)).json?.['status']).to.equal(200)
    expect(await gateway.sentTo(`+86${mobile}`)).to.have.length(1)
    const audit = await gateway.db('audit_entry').where({ actor_id: user.uid }).orderBy('audit_id').first()
    expect(audit).to.include({
      action: 'front.account.login.changePassword',
      outcome: 'ok',
      target_id: user.uid,
    })
  })

  it('lets the kept session change it again', async () => {
    const user = await gateway.addUser()
    const token = await user.startSession()
    expect((await change(user.password, 'second password', token)).text).to.equal(done)
    expect((await change('second password', 'third password', token)).text).to.equal(done)
    expect((await change('second password', fresh, token)).text).to.equal(wrongOld)
  })

  const shut = refusal(300, '登录失败次数过多，请稍后再试', 'TOO_MANY_FAILURES')
  const paused = refusal(0, '密码错误次数过多，请稍后再试', 'OLD_PASSWORD_PAUSED')

  it('counts wrong old passwords, and pauses', async () => {
    const user = await gateway.addUser()
    const token = await user.startSession()
    for (let n = 0; n < 5; n++) expect((await change('a wrong one', fresh, token)).text).to.equal(wrongOld)
    expect((await change(user.password, fresh, token)).text).to.equal(paused)
    const audit = gateway.db('audit_entry').where({ actor_id: user.uid })
    expect(await audit.pluck('outcome')).to.deep.equal(Array.from({ length: 5 }, () => 'OLD_PASSWORD_WRONG'))
  })

  it('is open to who is signed in while strangers have shut the sign-in', async () => {
    const mobile = nextMobile()
    const user = await gateway.addUser({ mobile })
    const token = await user.startSession()
    for (let n = 0; n < 5; n++) await signIn(mobile, 'a wrong one')
    expect((await signIn(mobile, user.password)).text).to.equal(shut)
    expect((await change(user.password, fresh, token)).text).to.equal(done)
  })

  it('succeeds once of ten parallel calls with the old password', async () => {
    const user = await gateway.addUser()
    const tokens = await Promise.all(Array.from({ length: 10 }, () => user.startSession()))
    const calls = tokens.map((token, at) => change(user.password, `new password ${at}`, token))
    const texts = (await Promise.all(calls)).map(({ text }) => text)
    expect(texts.filter((text) => text === done)).to.have.length(1)
    const alive = await Promise.all(tokens.map((token) => isAlive(gateway, token)))
    expect(alive).to.deep.equal(texts.map((text) => text === done))
  })

  it('refuses who is not signed in, other verbs, and passwords that do not fit', async () => {
    expect((await change('anything', fresh)).text).to.equal(loginRequired)
    expect((await change('anything', fresh, 'broken')).text).to.equal(tokenBroken)
    expect((await client.get('login/changePassword')).status).to.equal(405)
    const user = await gateway.addUser()
    const token = await user.startSession()
    for (const password of ['12345', 'x'.repeat(65)])
      expect((await change(user.password, password, token)).text).to.equal(passwordWrongForm)
    expect((await change(user.password, '', token)).text).to.equal(
      refusal(0, '密码有误！', 'NEW_PASSWORD_EMPTY'),
    )
    expect((await change('', fresh, token)).text).to.equal(wrongOld)
  })
})
