import { expect } from 'chai'
import { changeApp } from '../../../../gateway/services/apps/registry.js'
import { signLegacy } from '../../../../gateway/wire/signature.js'
import { changed, signatureInvalid, userSucceeded } from '../../../answers.js'
import { signParameters, type TestApp } from '../../../harness.js'
import { prepared, withGateway } from '../../../suite.js'

withGateway('a call that was cut out of the signed text of another', (gateway) => {
  const user = prepared(before, () => gateway.addUser())
  const victim = prepared(before, () => gateway.addUser())

  const post = (params: Record<string, string>) =>
    gateway.request('/gateway', { method: 'POST', body: new URLSearchParams(params) })

  /** The user's own texts in a back end's call, and what the user makes of its signature. */
  function attackOn(app: TestApp) {
    const honest = {
      client_type: app.name,
      full_address: 'x&method=web.passport.changePwd&newPassword=stolen-by-recut&o=',
      method: 'web.passport.modifyUserContacts',
      qq: `1&uid=${victim.uid}&z=`,
      uid: String(user.uid),
    }
    const cut = {
      client_type: app.name,
      full_address: 'x',
      method: 'web.passport.changePwd',
      newPassword: 'stolen-by-recut',
      o: '&method=web.passport.modifyUserContacts',
      qq: '1',
      uid: String(victim.uid),
      z: `&uid=${user.uid}`,
    }
    const client_secret = signLegacy(honest, app.secret)
    expect(signLegacy(cut, app.secret)).to.equal(client_secret)
    return { honest: { ...honest, client_secret }, cut: { ...cut, client_secret } }
  }

  const counted = async () => {
    const metric = await gateway.services.metrics.registry.getSingleMetric('gateway_recut_calls_total')?.get()
    return metric?.values.map(({ labels, value }) => [labels['app'], labels['outcome'], value])
  }

  it('is refused, and so is the call that it was cut from', async () => {
    const app = await gateway.addApp()
    const { honest, cut } = attackOn(app)
    expect((await post(honest)).text).to.equal(signatureInvalid)
    expect((await post(cut)).text).to.equal(signatureInvalid)
    expect(await counted()).to.deep.include([app.name, 'refused', 2])
    const lines = gateway.logLines.filter((line) => line.includes('can be re-cut'))
    expect(lines).to.have.length(2)
    for (const line of lines) expect(line).to.contain(app.name).and.not.to.contain('stolen')
  })

  it('is answered where the application is only reported on', async () => {
    const app = await gateway.addApp({ recut: 'report' })
    const { cut } = attackOn(app)
    expect((await post(cut)).text).to.equal(userSucceeded)
    expect(await counted()).to.deep.include([app.name, 'reported', 1])
    await changeApp(gateway.db, app.name, { recut: 'refuse' })
    await gateway.services.apps.refresh()
    expect((await post(cut)).text).to.equal(signatureInvalid)
  })

  it('can not be made in the scheme hmac-sha256, which takes any text', async () => {
    const app = await gateway.addApp({ scheme: 'hmac-sha256' })
    const { honest } = attackOn(app)
    const { client_secret: _, client_type: __, ...params } = { ...honest, qq: '12345' }
    expect((await post(signParameters(app, params))).text).to.equal(changed)
  })
})
