import { expect } from 'chai'
import { changeApp, rotateSecret } from '../../../gateway/services/apps/registry.js'
import { signLegacy } from '../../../gateway/wire/signature.js'
import { notSigned, signatureInvalid, signatureMissing, uidMissing } from '../../answers.js'
import type { HttpAnswer } from '../../fetch-answer.js'
import { signParameters, type TestApp } from '../../harness.js'
import { withGateway } from '../../suite.js'

const method = 'web.passport.getUserHabits'
/** A user that does not exist: who gets to hear that has passed all that stands before the handler. */
const nobody = { method, uid: '987654321' }

const passes = (answer: HttpAnswer) => expect(answer.json?.code, answer.text).to.equal(10010)
const fails = (answer: HttpAnswer) =>
  expect([answer.status, answer.text]).to.deep.equal([200, signatureInvalid])

withGateway('the signature of a call', (gateway) => {
  const get = (params: Record<string, string>) =>
    gateway.request(`/gateway?${new URLSearchParams(params).toString()}`)
  const signed = (params: Record<string, string>, app: TestApp = gateway.web) =>
    get(signParameters(app, params))

  it('is refused as missing when there is none, whatever else is wrong', async () => {
    for (const params of [
      nobody,
      { ...nobody, client_secret: '' },
      { ...nobody, client_type: 'no-such-app' },
      { method },
    ]) {
      const answer = await get(params)
      expect([answer.status, answer.text]).to.deep.equal([200, signatureMissing])
    }
  })

  it('is refused as wrong under a wrong key, and for an unknown or missing client_type', async () => {
    const wrong = { ...gateway.web, secret: 'f'.repeat(32) }
    fails(await signed(nobody, wrong))
    fails(await signed(nobody, { ...gateway.web, name: 'no-such-app' }))
    fails(await get({ ...nobody, client_secret: signLegacy(nobody, gateway.web.secret) }))
    fails(await signed({ ...nobody, client_type: '' }))
    fails(await signed({ ...nobody, client_type: 'WEB' }))
    fails(await signed({ ...nobody, client_type: '__proto__' }))
    fails(await get({ ...signParameters(gateway.web, nobody), uid: '987654322' }))
  })

  it('is looked at after the method, and before the parameters', async () => {
    const unknown = await get({ method: 'web.passport.noSuch', client_secret: 'x' })
    expect([unknown.status, unknown.json?.code]).to.deep.equal([404, 1000])
    expect((await signed({ method })).text).to.equal(uidMissing)
    fails(await get({ ...signParameters(gateway.web, { method }), client_secret: 'x' }))
  })

  it('fits with empty values, a "+", Chinese, unknown parameters and in upper-case hex', async () => {
    const params = { ...nobody, empty: '', plus: 'a+b', name: '张三', spaced: ' a b ', 'new[]': '1', v: '7' }
    passes(await signed(params))
    const all = signParameters(gateway.web, params)
    passes(await get({ ...all, client_secret: (all['client_secret'] ?? '').toUpperCase() }))
    passes(await gateway.request(`/gateway?${new URLSearchParams(all).toString().replaceAll('+', '%20')}`))
    fails(await get({ ...all, unknown: 'not signed' }))
    for (const unsigned of ['q', 'debug_data', '/api']) passes(await get({ ...all, [unsigned]: 'x' }))
  })

  it('is the same for GET, a POST form, and parameters in both places', async () => {
    const all = new URLSearchParams(signParameters(gateway.web, nobody))
    passes(await gateway.request(`/gateway?${all.toString()}`))
    passes(await gateway.request('/gateway', { method: 'POST', body: all }))
    const [first, ...rest] = [...all]
    const query = new URLSearchParams([first ?? expect.fail()])
    const body = new URLSearchParams(rest)
    passes(await gateway.request(`/gateway?${query.toString()}`, { method: 'POST', body }))
  })

  it('has no time stamp in the legacy scheme: the same URL works again', async () => {
    const url = `/gateway?${new URLSearchParams(signParameters(gateway.web, nobody)).toString()}`
    passes(await gateway.request(url))
    gateway.clock.advance(7 * 24 * 3_600_000)
    passes(await gateway.request(url))
  })

  it('may name its application by app_key, which goes before client_type', async () => {
    const app = await gateway.addApp()
    const params = { ...nobody, app_key: app.name, client_type: 'web' }
    passes(await get({ ...params, client_secret: signLegacy(params, app.secret) }))
    fails(await get({ ...params, client_secret: signLegacy(params, gateway.web.secret) }))
  })

  it('is refused for an application that is disabled, until it is let in again', async () => {
    const app = await gateway.addApp()
    const { db, apps } = gateway.services
    passes(await signed(nobody, app))
    await changeApp(db, app.name, { enabled: false })
    await apps.refresh()
    fails(await signed(nobody, app))
    await changeApp(db, app.name, { enabled: true })
    await apps.refresh()
    passes(await signed(nobody, app))
  })

  it('is refused for a method that is not granted', async () => {
    const app = await gateway.addApp({ grants: ['open.*', 'web.passport.getUserContacts'] })
    fails(await signed(nobody, app))
    passes(await signed({ ...nobody, method: 'web.passport.getUserContacts' }, app))
    passes(await signed({ ...nobody, method: 'open.passport.get' }, app))
    await changeApp(gateway.db, app.name, { grants: ['web.*'] })
    await gateway.services.apps.refresh()
    passes(await signed(nobody, app))
    fails(await signed({ ...nobody, method: 'open.passport.get' }, app))
  })

  it('is refused from an address the application may not call from', async () => {
    fails(await signed(nobody, await gateway.addApp({ addresses: ['10.0.0.0/8', '2001:db8::/32'] })))
    passes(await signed(nobody, await gateway.addApp({ addresses: ['10.0.0.0/8', '127.0.0.1'] })))
  })

  it('fits with the newest two secrets of an application, and no older one', async () => {
    const oldest = await gateway.addApp()
    const { db, vault, apps } = gateway.services
    const rotate = async () => {
      const secret = await rotateSecret(db, vault, oldest.name)
      await apps.refresh()
      return { ...oldest, secret }
    }
    const older = await rotate()
    passes(await signed(nobody, oldest))
    passes(await signed(nobody, older))
    const newest = await rotate()
    fails(await signed(nobody, oldest))
    passes(await signed(nobody, older))
    passes(await signed(nobody, newest))
  })

  it('is not skipped by debug=XYZ, which is part of the signed text', async () => {
    const params = { ...nobody, client_type: 'web', debug: 'XYZ' }
    expect((await get(params)).text).to.equal(signatureMissing)
    passes(await signed(params))
    fails(
      await get({
        ...params,
        client_secret: signLegacy({ ...nobody, client_type: 'web' }, gateway.web.secret),
      }),
    )
  })

  it('is not asked for by front.* methods, but checked when it is sent', async () => {
    const call = { method: 'front.account.user.listBaseUserLevel' }
    expect((await get(call)).json?.code).to.equal(200)
    expect((await signed(call)).json?.code).to.equal(200)
    fails(await get({ ...call, client_type: 'web', client_secret: 'x' }))
    fails(await get({ ...call, client_secret: 'x' }))
    fails(await signed(call, await gateway.addApp({ grants: ['web.*'] })))
    const path = await gateway.request(
      '/front/account/user/listBaseUserLevel?client_type=web&client_secret=x',
    )
    expect([path.status, path.text]).to.deep.equal([200, notSigned])
  })
})

withGateway('the switch PASSPORT_DEBUG', { PASSPORT_DEBUG: 'on' }, (gateway) => {
  const debug = (params: Record<string, string>) =>
    gateway.call(method, { uid: nobody.uid, ...params }, { app: null })

  it('lets debug=XYZ, and nothing like it, stand for the signature', async () => {
    passes(await debug({ debug: 'XYZ' }))
    passes(await debug({ debug: 'XYZ', client_secret: 'of no use' }))
    for (const value of ['xyz', 'XYZ ', '1', ''])
      expect((await debug({ debug: value })).text).to.equal(signatureMissing)
  })

  it('still asks for grants and the address of the named application', async () => {
    const app = await gateway.addApp({ grants: ['open.*'] })
    fails(await debug({ debug: 'XYZ', client_type: app.name }))
    fails(
      await debug({ debug: 'XYZ', client_type: (await gateway.addApp({ addresses: ['10.0.0.1'] })).name }),
    )
    passes(await debug({ debug: 'XYZ', client_type: (await gateway.addApp()).name }))
  })

  it('opens nothing where no application is registered', async () => {
    await gateway.db('client_app').where({ name: 'web' }).delete()
    await gateway.services.apps.refresh()
    fails(await debug({ debug: 'XYZ' }))
  })
})
