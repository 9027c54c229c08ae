import { expect } from 'chai'
import { methodTable } from '../../../../methods/table.js'
import { signInAgain, userSucceeded } from '../../../answers.js'
import { prepared, withGateway } from '../../../suite.js'

describe('the trust of methods', () => {
  const ofApps = Object.values(methodTable).filter(({ auth }) => auth === 'app')
  const namesOf = (trust: string | undefined) =>
    ofApps.filter((method) => method.trust === trust).map(({ name }) => name)

  it('is declared by every method that an application opens by its signature', () => {
    expect(ofApps.length).to.be.above(20)
    expect(namesOf(undefined)).to.deep.equal([])
  })

  it('lets public applications do nothing for a user that a session is not enough for', () => {
    expect(namesOf('server')).to.have.members([
      'web.passport.changePwd',
      'open.passport.setCounters',
      'open.message.send',
    ])
  })

  it('asks for a session but where a method acts for nobody, or has a proof of its own', () => {
    expect(namesOf('anybody')).to.have.members([
      // Each of its calls is held to its own.
      'batch',
      'web.passport.sendcode',
      'web.passport.checkcode',
      'web.passport.checkCodeValid',
      'web.passport.changeEmail',
      'web.passport.sendVerifyEmailInfo',
      'app.register.backpwdByEmail',
      'app.register.resetPwdByCode',
    ])
  })
})

withGateway('a public application with a session', (gateway) => {
  const app = prepared(before, () => gateway.addApp({ trust: 'public' }))
  const call = (method: string, params: Record<string, string>, by = app) =>
    gateway.call(method, params, { app: by })

  it('neither changes a password nor sets what is counted of its user', async () => {
    const user = await gateway.addUser()
    const own = { uid: String(user.uid), session_key: await user.startSession() }
    const password = await call('web.passport.changePwd', { ...own, newPassword: 'another password' })
    expect(password.text).to.equal('{"code":500,"message":"没有访问权限"}')
    const counters = await call('open.passport.setCounters', { ...own, couponCount: '9' })
    expect(counters.text).to.equal(password.text)
  })

  it('learns without a session of no number whether it is taken', async () => {
    await gateway.addUser({ mobile: '13912340001' })
    for (const mobile of ['13912340001', '13912340002'])
      expect((await call('web.passport.checkVerifyMobile', { mobile })).text).to.equal(signInAgain)
  })

  it("changes its user's number by that user's own check and proof alone", async () => {
    const [user, other] = [await gateway.addUser(), await gateway.addUser()]
    const mobile = '13912340003'
    const of = async (whose: typeof user) => ({
      uid: String(whose.uid),
      session_key: await whose.startSession(),
    })
    const [own, foreign] = [await of(user), await of(other)]
    await call('web.passport.sendcode', { mobile })
    const code = await gateway.lastCode(mobile)
    await call('web.passport.checkVerifyMobile', { mobile, ...own })
    await call('web.passport.checkcode', { mobile, code, session_key: own.session_key })
    const change = (who: typeof own) => call('web.passport.changeVerifyMobile', { newMobile: mobile, ...who })
    expect((await change(foreign)).json?.code).to.equal(411)
    expect((await change(own)).text).to.equal(userSucceeded)
  })

  it('proves a number before it changes to it, whatever its scheme', async () => {
    const user = await gateway.addUser()
    const own = { uid: String(user.uid), session_key: await user.startSession() }
    await call('web.passport.checkVerifyMobile', { mobile: '13912340004', ...own })
    const answer = await call('web.passport.changeVerifyMobile', { newMobile: '13912340004', ...own })
    expect(answer.json?.code).to.equal(411)
  })

  it('is held to a call rate for each user, which one user cannot use up for all', async () => {
    const method = gateway.gateway.table.byName.get('web.passport.verifyUserPwd') ?? expect.fail()
    const { limit } = method
    Object.assign(method, { limit: { by: 'app', points: 2, seconds: 60, name: 'one-user-a-time' } })
    const [user, other] = [await gateway.addUser(), await gateway.addUser()]
    const check = async (whose: typeof user) =>
      (
        await call('web.passport.verifyUserPwd', {
          uid: String(whose.uid),
          password: whose.password,
          session_key: await whose.startSession(),
        })
      ).json?.code
    try {
      expect([await check(user), await check(user), await check(user)]).to.deep.equal([200, 200, 9999991])
      expect(await check(other)).to.equal(200)
    } finally {
      Object.assign(method, { limit })
    }
  })
})
