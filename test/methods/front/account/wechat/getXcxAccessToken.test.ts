import { expect } from 'chai'
import { saveAdmin } from '../../../../../db/admins.js'
import { insertMenu, insertRole, updateRoleMenus } from '../../../../../db/admin-roles.js'
import { loginRequired, notSigned, permissionDenied, wechatFailed } from '../../../../answers.js'
import type { HttpAnswer } from '../../../../fetch-answer.js'
import { duringGateway, signParameters, startGateway, type TestApp } from '../../../../harness.js'
import { addAdmin } from '../../../manage/account/administrators.js'
import { prepared } from '../../../../suite.js'
import { withWechat } from '../../../../wechat-suite.js'

const method = 'front.account.wechat.getXcxAccessToken'
const path = '/front/account/wechat/getXcxAccessToken'

withWechat(method, (gateway, wechat, database) => {
  const backEnd = prepared(before, () => gateway.addApp({ grants: [method], scheme: 'hmac-sha256' }))

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

  it('tells the same one until it is to ask WeChat again, which has replaced it', async () => {
    const before = (await ask()).text
    for (const useCacheFlag of ['true', '1', '', 'null'])
      expect((await ask({ useCacheFlag })).text).to.equal(before)
    for (const useCacheFlag of ['false', '0', 'False']) {
      // What was lent within this minute is fresh enough.
      gateway.clock.advance(60_000)
      const earlier = await current()
      expect((await ask({ useCacheFlag })).text).to.equal(earlier)
      gateway.clock.advance(60_000)
      const newer = wechat.askElsewhere('mini', 'by force')
      expect((await ask()).text).to.equal(earlier)
      const { status, text } = await ask({ useCacheFlag })
      expect({ status, text }).to.deep.equal({ status: 200, text: newer })
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
    await refused(await get(), loginRequired)
    await refused(
      await get({ perm_key: 'forged' }),
      loginRequired.replace('请重新登录', '请退出重新登录').replace('LOGIN_REQUIRED', 'TOKEN_BROKEN'),
    )
    const debugging = { NODE_ENV: 'development', PASSPORT_UNSIGNED: 'allow', PASSPORT_DEBUG: 'on' }
    await duringGateway(database, { ...wechat.settings(), ...debugging }, async (dev) => {
      expect((await dev.request(path)).text).to.equal(loginRequired)
      const debug = new URLSearchParams({ debug: 'XYZ', client_type: 'web', client_secret: 'x' })
      expect((await dev.request(`${path}?${debug.toString()}`)).text).to.equal(loginRequired)
      expect((await dev.call(method, {}, { app: null })).json).to.include({ code: 10014 })
    })
  })

  it('refuses a user, and an administrator of other things', async () => {
    await refused(await get({ perm_key: await (await gateway.addUser()).startSession() }), permissionDenied)
    await refused(await get({ perm_key: (await addAdmin(gateway)).token }), permissionDenied)
  })

  it('refuses applications without the grant, public ones, and forged signatures', async () => {
    await refused(
      await ask({}, await gateway.addApp({ grants: ['web.*', 'front.account.wechat.index'] })),
      notSigned,
    )
    const open = await gateway.addApp({ trust: 'public', grants: ['*'] })
    await refused(await ask({}, open), notSigned)
    // Nor does the session of a user make one good.
    const perm_key = await (await gateway.addUser()).startSession()
    await refused(await ask({ perm_key }, open), notSigned)
    await refused(await ask({}, { ...backEnd, secret: 'another secret' }), notSigned)
    await refused(await get({ client_type: backEnd.name, client_secret: 'x' }), notSigned)
    const far = await gateway.addApp({ grants: ['*'], addresses: ['10.1.2.3'] })
    await refused(await ask({}, far), notSigned)
  })

  it('refuses a call that was made before', async () => {
    const query = new URLSearchParams(signParameters(backEnd, { method }, gateway.clock.now())).toString()
    expect((await gateway.request(`${path}?${query}`)).status).to.equal(200)
    await refused(await gateway.request(`${path}?${query}`), notSigned)
  })

  it('logs no token', async () => {
    gateway.clock.advance(60_000)
    const fetched = wechat.calls('/cgi-bin/stable_token')
    wechat.askElsewhere('mini', 'by force')
    const { text } = await ask({ useCacheFlag: 'false' })
    expect(wechat.calls('/cgi-bin/stable_token')).to.equal(fetched + 1)
    const log = gateway.logLines.join('\n')
    expect(log).to.include('WeChat lent a new token')
    expect(log).to.not.include(text)
  })

  it('tells neither why WeChat gave none, nor success', async () => {
    gateway.clock.advance(60_000)
    wechat.refuse('/cgi-bin/stable_token', 40013)
    const { status, text } = await ask({ useCacheFlag: 'false' })
    expect({ status, text }).to.deep.equal({
      status: 400,
      text: wechatFailed,
    })
  })

  it('says that the mini program is off where it is not configured', async () => {
    const without = await startGateway(database)
    const web = new URLSearchParams(signParameters(without.web, { method }, without.clock.now())).toString()
    expect((await without.request(`${path}?${web}`)).text).to.include('"msg":"小程序功能未启用"')
    await without.close()
  })
})
