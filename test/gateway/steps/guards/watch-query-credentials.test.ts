import { expect } from 'chai'
import { listCallers } from '../../../../db/listed-callers.js'
import { changeApp } from '../../../../gateway/services/apps/registry.js'
import { paramError, userSucceeded } from '../../../answers.js'
import { duringGateway, signParameters, type TestUser } from '../../../harness.js'
import { prepared, withGateway } from '../../../suite.js'

const method = 'web.passport.verifyUserPwd'

withGateway('a password in the query', (gateway, database) => {
  const app = prepared(before, () => gateway.addApp())
  const user = prepared(before, () => gateway.addUser())

  const counted = async () => {
    const { registry } = gateway.services.metrics
    const metric = await registry.getSingleMetric('gateway_query_credentials_total')?.get()
    return (
      metric?.values.find(({ labels }) => labels['app'] === app.name && labels['method'] === method)?.value ??
      0
    )
  }
  const params = ({ uid, password }: TestUser) => ({ uid: String(uid), password })
  const call = (verb: 'GET' | 'POST') => gateway.call(method, params(user), { app, verb })

  it('is counted by method and application, and one in a body is not', async () => {
    expect((await call('POST')).text).to.equal(userSucceeded)
    expect(await counted()).to.equal(0)
    expect((await call('GET')).text).to.equal(userSucceeded)
    expect(await counted()).to.equal(1)
    const { password, ...rest } = signParameters(app, { method, ...params(user) })
    const query = new URLSearchParams({ password: password ?? '' }).toString()
    await gateway.request(`/gateway?${query}`, { method: 'POST', body: new URLSearchParams(rest) })
    expect(await counted()).to.equal(2)
  })

  it('is refused to an application that is set so', async () => {
    const set = async (queryCredentials: 'accept' | 'refuse') => {
      await changeApp(gateway.db, app.name, { queryCredentials })
      await gateway.services.apps.refresh()
    }
    await set('refuse')
    expect((await call('GET')).text).to.equal(paramError)
    expect((await call('POST')).text).to.equal(userSucceeded)
    await set('accept')
    expect((await call('GET')).text).to.equal(userSucceeded)
  })

  it('is counted like one where it is the secret of the application, which nobody sends', async () => {
    const sent = { uid: String(user.uid), private_key: app.secret }
    expect((await gateway.call('open.passport.get', sent, { app })).json?.code).to.equal(200)
    await gateway.services.callers.flush()
    expect(
      (await listCallers(gateway.services.db, { app: app.name, finding: 'query-credentials' }, 100)).map(
        ({ method, calls }) => [method, calls],
      ),
    ).to.deep.include(['open.passport.get', 1])
  })

  it('is told to developers', async () => {
    await duringGateway(database, { NODE_ENV: 'development' }, async (developing) => {
      const answer = await developing.call(method, params(user), { app, verb: 'GET' })
      expect(answer.headers.get('x-error-detail')).to.match(/^password: is a password/)
    })
  })
})
