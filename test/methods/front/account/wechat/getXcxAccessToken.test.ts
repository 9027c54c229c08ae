import { expect } from 'chai'
import { insertMenu, insertRole, saveAdmin, updateRoleMenus } from '../../../../../db/admins.js'
import {
  type HttpAnswer,
  signParameters,
  startGateway,
  type TestApp,
  type TestGateway,
} from '../../../../harness.js'
import { onEachDatabase } from '../../../../servers/databases.js'
import { startWechat, type Wechat } from '../../../../servers/wechat/wechat.js'
import { addAdmin, denied, signInFirst } from '../../../manage/account/administrators.js'

const method = 'front.account.wechat.getXcxAccessToken'
const path = '/front/account/wechat/getXcxAccessToken'
const signatureWrong =
  '{"status":250,"code":403,"msg":"没有访问权限","data":null,"error":"SIGNATURE_INVALID"}'

onEachDatabase(method, (database) => {
  let wechat: Wechat
  let gateway: TestGateway
  let backEnd: TestApp
  before(async () => {
    wechat = await startWechat()
    gateway = await startGateway(database, wechat.settings())
    backEnd = await gateway.addApp({ grants: [method], scheme: 'hmac-sha256' })
  })
  after(async () => {
    await gateway?.close()
    await wechat?.stop()
  })

  const current = () => gateway.services.wechat.mini?.accessToken()
  const ask = (params: Record<string, string> = {}, app: TestApp = backEnd) => {
    const signed = signParameters(app, { ...params, method }, gateway.clock.now())
    return gateway.request(`${path}?${new URLSearchParams(signed).toString()}`)
  }
  const get = (params: Record<string, string> = {}) =>
    gateway.request(`${path}?${new URLSearchParams(params).toString()}`)
  const refused = async ({ status, text }: HttpAnswer, expected: string) => {
    expect({ status, text }).to.deep.equal({ status: 400, text: expected })
    expect(text).to.not.include((await current()) ?? '')
  }

  it('tells a signed, granted application the token, raw', async () => {
    const { status, text, headers } = await ask()
    expect({ status, text }).to.deep.equal({ status: 200, text: await current() })
    expect(headers.get('content-type')).to.equal('text/plain; charset=utf-8')
    expect(headers.get('cache-control')).to.equal('no-store')
    const byName = await gateway.call(method, {}, { app: await gateway.addApp({ grants: [method] }) })
    expect(byName.text).to.equal(text)
  })

  it('tells the same one until a fresh one is asked for', async () => {
    const before = (await ask()).text
    for (const useCacheFlag of ['true', '1', '', 'null'])
      expect((await ask({ useCacheFlag })).text).to.equal(before)
    for (const useCacheFlag of ['false', '0', 'False']) {
      // What was lent within this minute is fresh enough.
      gateway.clock.advance(60_000)
      const earlier = await current()
      const { status, text } = await ask({ useCacheFlag })
      expect(status).to.equal(200)
      expect(text).to.not.equal(earlier)
      expect(text).to.equal(await current())
    }
    expect((await ask({ use_cache_flag: 'maybe' })).text).to.include('"code":300')
  })

  it('tells an administrator who has the permission', async () => {
    const { db, clock } = gateway.services
    const role = await insertRole(db, '小程序')
    await updateRoleMenus(db, role.user_role_id, [await insertMenu(db, path)])
    const user = await gateway.addUser()
    await saveAdmin(db, { user_id: user.uid, user_role_id: role.user_role_id, user_admin_ctime: clock.now() })
    const { status, text } = await get({ perm_key: await user.startSession() })
    expect({ status, text }).to.deep.equal({ status: 200, text: await current() })
  })

  it('refuses everybody without a signature or a session, on this machine too', async () => {
    await refused(await get(), signInFirst)
    await refused(
      await get({ perm_key: 'forged' }),
      signInFirst.replace('请重新登录', '请退出重新登录').replace('LOGIN_REQUIRED', 'TOKEN_BROKEN'),
    )
    const dev = await startGateway(database, {
      ...wechat.settings(),
      NODE_ENV: 'development',
      PASSPORT_UNSIGNED: 'allow',
      PASSPORT_DEBUG: 'on',
    })
    try {
      expect((await dev.request(path)).text).to.equal(signInFirst)
      const debug = new URLSearchParams({ debug: 'XYZ', client_type: 'web', client_secret: 'x' })
      expect((await dev.request(`${path}?${debug.toString()}`)).text).to.equal(signInFirst)
      expect((await dev.call(method, {}, { app: null })).json).to.include({ code: 10014 })
    } finally {
      await dev.close()
    }
  })

  it('refuses a user, and an administrator of other things', async () => {
    await refused(await get({ perm_key: await (await gateway.addUser()).startSession() }), denied)
    await refused(await get({ perm_key: (await addAdmin(gateway)).token }), denied)
  })

  it('refuses applications without the grant, public ones, and forged signatures', async () => {
    await refused(
      await ask({}, await gateway.addApp({ grants: ['web.*', 'front.account.wechat.index'] })),
      signatureWrong,
    )
    const open = await gateway.addApp({ trust: 'public', grants: ['*'] })
    await refused(await ask({}, open), signatureWrong)
    // Nor does the session of a user make one good.
    const perm_key = await (await gateway.addUser()).startSession()
    await refused(await ask({ perm_key }, open), signatureWrong)
    await refused(await ask({}, { ...backEnd, secret: 'another secret' }), signatureWrong)
    await refused(await get({ client_type: backEnd.name, client_secret: 'x' }), signatureWrong)
    const far = await gateway.addApp({ grants: ['*'], addresses: ['10.1.2.3'] })
    await refused(await ask({}, far), signatureWrong)
  })

  it('refuses a call that was made before', async () => {
    const query = new URLSearchParams(signParameters(backEnd, { method }, gateway.clock.now())).toString()
    expect((await gateway.request(`${path}?${query}`)).status).to.equal(200)
    await refused(await gateway.request(`${path}?${query}`), signatureWrong)
  })

  it('logs no token', async () => {
    gateway.clock.advance(60_000)
    const fetched = wechat.calls('/cgi-bin/token')
    const { text } = await ask({ useCacheFlag: 'false' })
    expect(wechat.calls('/cgi-bin/token')).to.equal(fetched + 1)
    const log = gateway.logLines.join('\n')
    expect(log).to.include('WeChat lent a new token')
    expect(log).to.not.include(text)
  })

  it('tells neither why WeChat gave none, nor success', async () => {
    gateway.clock.advance(60_000)
    wechat.refuse('/cgi-bin/token', 40013)
    const { status, text } = await ask({ useCacheFlag: 'false' })
    expect({ status, text }).to.deep.equal({
      status: 400,
      text: '{"status":250,"code":0,"msg":"微信登录,调用官方接口失败","data":null,"error":"WECHAT_FAILED"}',
    })
  })

  it('says that the mini program is off where it is not configured', async () => {
    const without = await startGateway(database)
    const web = new URLSearchParams(signParameters(without.web, {}, without.clock.now())).toString()
    expect((await without.request(`${path}?${web}`)).text).to.include('"msg":"小程序功能未启用"')
    await without.close()
  })
})
