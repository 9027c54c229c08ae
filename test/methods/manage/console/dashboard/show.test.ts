import { expect } from 'chai'
import { packageVersion } from '../../../../../gateway/services/telemetry/own-package.js'
import { deleteNodeMinutes, listNodeMinutes } from '../../../../../db/node-minutes.js'
import type { Contracts } from '../../../../../schemas/contracts.js'
import { dataOf, duringGateway, type TestGateway } from '../../../../harness.js'
import { withGatewayPerTest } from '../../../../suite.js'
import { askConsole } from '../console-session.js'

type Dashboard = Contracts['manage.console.dashboard.show']['result']

withGatewayPerTest('manage.console.dashboard.show', { CONSOLE: 'on' }, (gateway, database) => {
  // Each test has a node of its own; what those of others have left is another day's.
  beforeEach(() => deleteNodeMinutes(gateway.db, Number.MAX_SAFE_INTEGER))
  const show = async (on: TestGateway = gateway): Promise<Dashboard> =>
    dataOf((await askConsole(on, 'dashboard/show')).json)
  const stateOf = (dashboard: Dashboard, { services }: TestGateway) =>
    dashboard.nodes.find(({ id }) => id === services.nodeMinutes.nodeId)?.state

  it('has nothing to tell of a server that has just begun, and tells so without gaps', async () => {
    const { hour, day, nodes, deliveries } = await show()
    expect(hour.steps).to.have.length(60)
    expect(day.steps).to.have.length(96)
    expect(hour.steps.map(({ at }, place) => at - (hour.steps[place - 1]?.at ?? at - 60_000))).to.deep.equal(
      Array.from({ length: 60 }, () => 60_000),
    )
    expect(hour.codes_sent).to.equal(0)
    expect(hour.errors_by_name).to.deep.equal([])
    expect(nodes).to.have.length(1)
    expect(nodes[0]).to.include({ state: 'live', version: packageVersion() })
    expect(nodes[0]?.memory).to.be.above(1e6)
    expect(deliveries).to.deep.equal({ waiting: 0, tried: 0, due_since: null })
  })

  it('shows at once, where there is one node, what was just called', async () => {
    const user = await gateway.addUser()
    await gateway.call('open.passport.get', { uid: String(user.uid) })
    await gateway.call('open.passport.get', { uid: 'x' })
    const sign = (password: string) =>
      gateway.request(`/front/account/login/login?user_account=user-${user.uid}&password=${password}`)
    await sign('a wrong one')
    const { hour, day } = await show()
    for (const period of [hour, day]) {
      const calls = Object.fromEntries(period.calls_by_method.map(({ name, count }) => [name, count]))
      expect(calls).to.include({ 'open.passport.get': 2, 'front.account.login.login': 1 })
      expect(period.errors_by_name).to.deep.include({ name: 'PASSWORD_WRONG', count: 1 })
      expect(period.sign_ins_refused).to.equal(1)
      expect(period.errors).to.equal(2)
      expect(period.p50).to.be.above(0)
      expect(period.p99).to.be.at.least(period.p50 ?? 0)
      expect(period.steps.reduce((sum, { calls }) => sum + calls, 0)).to.equal(period.calls)
    }
  })

  it('counts sign-ins, codes of each country, what is left of the day and what waits', async () => {
    const user = await gateway.addUser({ mobile: '13912345678' })
    const [user_account = ''] = await gateway
      .db('account_user_base')
      .where({ user_id: user.uid })
      .pluck('user_account')
    const query = new URLSearchParams({ user_account, password: user.password }).toString()
    await gateway.request(`/front/account/login/login?${query}`)
    await gateway.call('web.passport.sendcode', { area: '86', mobile: '13912345679' })
    const code = await gateway.lastCode('13912345679')
    await gateway.call('web.passport.checkcode', { area: '86', mobile: '13912345679', code })
    await gateway.services.queue.stop()
    await gateway.services.queue.add(gateway.db, 'mobile-added', { email: 'somebody@example.com' })
    const { hour, budgets, deliveries } = await show()
    expect(hour).to.include({ sign_ins: 1, codes_sent: 1, codes_used: 1 })
    expect(hour.codes_by_country).to.deep.equal([{ country: 'CN', sent: 1, used: 1 }])
    expect(budgets).to.deep.equal([
      { channel: 'sms', of_day: 10_000, used: 1, left: 9999 },
      { channel: 'mail', of_day: 10_000, used: 0, left: 10_000 },
    ])
    expect(deliveries).to.include({ waiting: 1, tried: 0 })
    expect(deliveries.due_since).to.be.above(0)
    await gateway.db('delivery_job').delete()
  })

  it('sums all nodes up, whichever is asked, and tells which one is silent or was stopped', async () => {
    await duringGateway(database, { CONSOLE: 'on' }, async (other) => {
      await gateway.call('no.such.method')
      for (let call = 0; call < 2; call++) await other.call('no.such.method')
      for (const node of [gateway, other]) await node.services.nodeMinutes.write()
      const [here, there] = [await show(), await show(other)]
      expect(here.hour.errors_by_name).to.deep.include({ name: 'METHOD_NOT_FOUND', count: 3 })
      expect(there.hour.errors_by_name).to.deep.equal(here.hour.errors_by_name)
      expect(here.nodes.map(({ state }) => state)).to.deep.equal(['live', 'live'])
      gateway.clock.advance(4 * 60_000)
      const later = await show()
      expect(stateOf(later, other)).to.equal('gone')
      expect(later.nodes.map(({ state }) => state)).to.deep.equal(['gone', 'live'])
      expect(later.hour.errors_by_name).to.deep.include({ name: 'METHOD_NOT_FOUND', count: 3 })
      // Minutes that have passed are read once; what comes now is added to them.
      await gateway.call('no.such.method')
      expect((await show()).hour.errors_by_name).to.deep.include({ name: 'METHOD_NOT_FOUND', count: 4 })
    })
  })

  it('tells for an hour that a node was stopped, with all that it did', async () => {
    await duringGateway(database, { CONSOLE: 'on' }, async (other) => {
      await other.call('no.such.method')
    })
    const { nodes, hour } = await show()
    expect(nodes.map(({ state }) => state)).to.deep.equal(['live', 'stopped'])
    expect(hour.errors_by_name).to.deep.include({ name: 'METHOD_NOT_FOUND', count: 1 })
    gateway.clock.advance(61 * 60_000)
    const later: Dashboard = dataOf((await askConsole(gateway, 'dashboard/show', {}, 'an hour later')).json)
    expect(later.nodes.map(({ state }) => state)).to.deep.equal(['live'])
    expect(later.day.errors_by_name).to.deep.include({ name: 'METHOD_NOT_FOUND', count: 1 })
  })

  it('keeps what a node could not write for its next minute, and one row for each minute', async () => {
    const { nodeMinutes } = gateway.services
    const rows = () => listNodeMinutes(gateway.db, { from: 0, until: Number.MAX_SAFE_INTEGER })
    await gateway.call('no.such.method')
    await gateway.db.schema.renameTable('node_minute', 'node_minute_away')
    await nodeMinutes.write().then(
      () => expect.fail('it could not be written'),
      () => {},
    )
    await gateway.db.schema.renameTable('node_minute_away', 'node_minute')
    await nodeMinutes.write()
    await gateway.call('no.such.method')
    await nodeMinutes.write()
    const written = (await rows()).map(({ figures }) => JSON.parse(figures).errors.METHOD_NOT_FOUND)
    expect(written.reduce((sum, count) => sum + count, 0)).to.equal(2)
    expect((await show()).hour.errors_by_name).to.deep.include({ name: 'METHOD_NOT_FOUND', count: 2 })
  })

  it('writes nothing where nobody can look', async () => {
    await duringGateway(database, { CONSOLE: 'off' }, async ({ services }) => services.nodeMinutes.close())
    expect(await listNodeMinutes(gateway.db, { from: 0, until: Number.MAX_SAFE_INTEGER })).to.deep.equal([])
  })
})
