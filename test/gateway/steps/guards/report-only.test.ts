import { expect } from 'chai'
import { listCallers } from '../../../../db/listed-callers.js'
import type { GuardName } from '../../../../gateway/services/apps/guards.js'
import { type AppChange, changeApp } from '../../../../gateway/services/apps/registry.js'
import { signHmac } from '../../../../gateway/wire/signature.js'
import { paramError, signInAgain, userSucceeded } from '../../../answers.js'
import type { TestApp } from '../../../harness.js'
import { prepared, withGateway } from '../../../suite.js'

const dayMilliseconds = 86_400_000

withGateway('a guard in report-only', (gateway) => {
  const user = prepared(before, () => gateway.addUser())
  const change = async (app: TestApp, change: AppChange) => {
    await changeApp(gateway.db, app.name, change)
    await gateway.services.apps.refresh()
  }
  const reportOnly = (app: TestApp, ...guards: GuardName[]) =>
    change(app, { reportOnly: { guards, until: Date.now() + dayMilliseconds } })
  /** How often each thing was found in an application's calls. */
  const found = async ({ name }: TestApp) => {
    await gateway.services.callers.flush()
    const rows = await listCallers(gateway.db, { app: name }, 100)
    return Object.fromEntries(
      rows
        .filter(({ finding }) => finding !== '')
        .map(({ finding, method, calls }) => [`${finding} ${method}`, calls]),
    )
  }
  const logged = (text: string) => gateway.logLines.filter((line) => line.includes(text)).length

  it('trust: lets calls through that an application of public trust may not make, and counts them', async () => {
    const app = await gateway.addApp()
    const get = () => gateway.call('open.passport.get', { uid: String(user.uid) }, { app })
    const verify = () =>
      gateway.call('web.passport.changePwd', { uid: '1', newPassword: 'x' }, { app, verb: 'POST' })
    const [gotBefore, verifiedBefore] = [await get(), await verify()]
    expect(await found(app)).to.deep.equal({})
    await reportOnly(app, 'trust')
    expect((await get()).json?.code)
      .to.equal(gotBefore.json?.code)
      .and.equal(200)
    expect((await verify()).text).to.equal(verifiedBefore.text)
    expect(await found(app)).to.deep.equal({
      'trust open.passport.get': 1,
      'trust web.passport.changePwd': 1,
    })
    expect(logged('a call that needs a trusted application was reported')).to.be.at.least(1)
    await change(app, { trust: 'public' })
    expect((await get()).text).to.equal(signInAgain)
    expect(gateway.services.apps.find(app.name)?.guards.reportOnly).to.equal(undefined)
  })

  it('trust: does not count a call with a session of the user, and leaves it as it was', async () => {
    const app = await gateway.addApp()
    await reportOnly(app, 'trust')
    const session_key = await user.startSession()
    const answer = await gateway.call('open.passport.get', { uid: String(user.uid), session_key }, { app })
    expect(answer.json?.code).to.equal(200)
    expect(await found(app)).to.deep.equal({})
  })

  it('trust: counts a user who is looked for by anything but the uid of the session', async () => {
    const app = await gateway.addApp()
    const { uid } = await gateway.addUser({ mobile: '13912345670', email: 'looked.for@example.com' })
    const session_key = await user.startSession()
    const mobile = '13912345670'
    const find = async (params: Record<string, string>) =>
      (await gateway.call('open.account.get', { ...params, session_key }, { app })).text
    await reportOnly(app, 'trust')
    for (const way of [{ mobile }, { email: 'looked.for@example.com' }])
      expect(await find(way)).to.contain(`"uid":${uid},`)
    expect(await find({ uid: String(user.uid) })).to.contain(`"uid":${user.uid},`)
    expect(await found(app)).to.deep.equal({ 'trust open.account.get': 2 })
    await change(app, { trust: 'public' })
    expect(await find({ mobile })).to.equal(signInAgain)
    expect(await find({ uid: String(user.uid) })).to.contain(`"uid":${user.uid},`)
  })

  it('query-credentials: lets passwords in the query through, and refuses them once it is on', async () => {
    const app = await gateway.addApp()
    const params = { uid: String(user.uid), password: user.password }
    const call = () => gateway.call('web.passport.verifyUserPwd', params, { app })
    await reportOnly(app, 'query-credentials')
    expect((await call()).text).to.equal(userSucceeded)
    expect((await call()).text).to.equal(userSucceeded)
    expect(await found(app)).to.deep.equal({ 'query-credentials web.passport.verifyUserPwd': 2 })
    expect(logged('a call that has a password in its query was reported')).to.equal(1)
    await change(app, { queryCredentials: 'refuse' })
    expect((await call()).text).to.equal(paramError)
  })

  it('recut: ends on its day by itself, and refuses from then on', async () => {
    const app = await gateway.addApp()
    const params = { uid: String(user.uid), qq: 'x&zip_code=1', msn: '' }
    const code = async () =>
      (await gateway.call('web.passport.modifyUserContacts', params, { app })).json?.code
    expect(await code()).to.equal(500)
    await reportOnly(app, 'recut')
    expect(await code()).to.not.equal(500)
    gateway.clock.advance(dayMilliseconds + 1000)
    expect(await code()).to.equal(500)
    gateway.clock.advance(-dayMilliseconds - 1000)
    expect(await found(app)).to.deep.equal({ 'recut web.passport.modifyUserContacts': 3 })
  })

  it('scheme: takes both schemes, counts the legacy one, and refuses it once it is on', async () => {
    const app = await gateway.addApp()
    const method = 'open.passport.get'
    const legacy = async () => (await gateway.call(method, { uid: String(user.uid) }, { app })).json?.code
    const hmac = async () => {
      const params = {
        method,
        uid: String(user.uid),
        app_key: app.name,
        sign_method: 'hmac-sha256',
        timestamp: String(Math.floor(gateway.clock.now() / 1000)),
        nonce: `nonce-${Math.random()}`,
      }
      const client_secret = signHmac(params, app.secret)
      const query = new URLSearchParams({ ...params, client_secret }).toString()
      return (await gateway.request(`/gateway?${query}`)).json?.code
    }
    expect([await legacy(), await hmac()]).to.deep.equal([200, 500])
    await reportOnly(app, 'scheme')
    expect([await legacy(), await hmac()]).to.deep.equal([200, 200])
    expect(await found(app)).to.deep.equal({ 'scheme open.passport.get': 1 })
    const schemes = (await listCallers(gateway.db, { app: app.name, finding: '' }, 9)).map(
      ({ scheme, calls }) => `${scheme} ${calls}`,
    )
    expect(schemes).to.have.members(['legacy 2', 'hmac-sha256 1'])
    await change(app, { scheme: 'hmac-sha256' })
    expect([await legacy(), await hmac()]).to.deep.equal([500, 200])
  })

  it('is refused where the guard is on already, and without a day that is near', async () => {
    const app = await gateway.addApp({ trust: 'public' })
    const refusal = async (reportOnly: AppChange['reportOnly']) => {
      try {
        await changeApp(gateway.db, app.name, { reportOnly })
        return 'done'
      } catch (error) {
        return String(error)
      }
    }
    const soon = Date.now() + dayMilliseconds
    expect(await refusal({ guards: ['trust'], until: soon })).to.include('refused already')
    expect(await refusal({ guards: ['recut'], until: Date.now() - 1 })).to.include('--until')
    expect(await refusal({ guards: ['recut'], until: Date.now() + 91 * dayMilliseconds })).to.include(
      '--until',
    )
    expect(await refusal({ guards: ['recut'], until: soon })).to.equal('done')
  })
})
