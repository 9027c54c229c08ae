import { expect } from 'chai'
import { listAppVersions, listCallers } from '../../../../db/listed-callers.js'
import { up } from '../../../../db/migrations/0034-callers.js'
import { createCallers, type SeenCall } from '../../../../gateway/services/telemetry/callers.js'
import { keepHouse } from '../../../../gateway/start/housekeeping.js'
import { withGatewayPerTest } from '../../../suite.js'

const dayMilliseconds = 86_400_000

withGatewayPerTest('callers', (gateway) => {
  const method = 'web.passport.verifyUserPwd'
  const call = (app: string, at: number, version = '1'): SeenCall => {
    return { method, app, scheme: 'legacy', ip: `10.${at >> 8}.${at & 255}.1`, version }
  }
  const list = (app: string) => listCallers(gateway.services.db, { app }, 10_000)
  const sumOf = (rows: readonly { calls: number }[]) => rows.reduce((sum, { calls }) => sum + calls, 0)

  it('are told apart by network two hundred at a time, and the rest counted together', async () => {
    const { callers } = gateway.services
    for (let at = 0; at < 300; at++) callers.count(call('one', at))
    await callers.flush()
    const rows = await list('one')
    expect(rows).to.have.length(201)
    expect(rows.find(({ network }) => network === '')).to.include({ calls: 100, client_version: '1' })
  })

  it('are told apart by version two hundred at a time, and the rest counted together', async () => {
    const { callers } = gateway.services
    for (let at = 0; at < 300; at++) callers.count(call('two', 1, String(at)))
    await callers.flush()
    const versions = await listAppVersions(gateway.services.db, 'two')
    expect(versions).to.have.length(201)
    expect(versions.find(({ client_version }) => client_version === '')).to.include({ calls: 100 })
  })

  it('make room for those seen later, 500 networks of an application, and no call is forgotten', async () => {
    const { callers } = gateway.services
    for (let call_ = 0; call_ < 5; call_++) callers.count(call('three', 9999))
    for (let batch = 0; batch < 8; batch++) {
      gateway.clock.advance(1000)
      for (let at = 0; at < 150; at++) callers.count(call('three', batch * 150 + at))
      await callers.flush()
    }
    const rows = await list('three')
    expect(rows.length).to.be.within(500, 601)
    expect(sumOf(rows)).to.equal(1205)
    expect(rows.find(({ network }) => network === '10.39.15.0/24')?.calls).to.equal(5)
    expect(rows.some(({ network }) => network === '10.4.175.0/24')).to.equal(true)
  })

  it('keep the versions that call most, however many others are made up', async () => {
    const { callers } = gateway.services
    for (let call_ = 0; call_ < 5; call_++) callers.count(call('invented', 1, '3.8.2'))
    for (let batch = 0; batch < 9; batch++) {
      gateway.clock.advance(1000)
      for (let at = 0; at < 190; at++) callers.count(call('invented', 1, `${batch}.${at}`))
      await callers.flush()
    }
    const versions = await listAppVersions(gateway.services.db, 'invented')
    expect(versions.find(({ client_version }) => client_version === '3.8.2')?.calls).to.equal(5)
    expect(versions.length).to.be.within(1000, 1800)
    expect(sumOf(versions)).to.equal(5 + 9 * 190)
  })

  it('are all there when several nodes write and count together at once', async () => {
    const { db, clock, log, metrics } = gateway.services
    const nodes = [1, 2, 3].map(() => createCallers({ db, clock, log, metrics: { ...metrics, show() {} } }))
    for (let batch = 0; batch < 5; batch++) {
      for (const [at, node] of nodes.entries())
        for (let network = 0; network < 190; network++)
          node.count(call('shared', batch * 400 + at * 100 + network))
      await Promise.all(nodes.map((node) => node.flush()))
    }
    for (const node of nodes) await node.close()
    const rows = await list('shared')
    expect(sumOf(rows)).to.equal(5 * 3 * 190)
    expect(rows.length).to.be.within(500, 601)
  })

  it('of the version before are taken over, once', async () => {
    const { db } = gateway.services
    const seen = { client_version: '1.0', calls: 3, first_seen_at: 1000, last_seen_at: 2000 }
    await db.into('app_caller').insert({ app_name: 'before', ...seen })
    await db.into('credential_caller').insert({ app_name: 'before', method, network: '10.0.0.0/24', ...seen })
    await up(db)
    await up(db)
    expect(await listAppVersions(db, 'before')).to.deep.equal([{ app_name: 'before', ...seen }])
    expect(await listCallers(db, { app: 'before', finding: 'query-credentials' }, 9)).to.deep.equal([
      {
        app_name: 'before',
        method,
        network: '10.0.0.0/24',
        scheme: '',
        finding: 'query-credentials',
        ...seen,
      },
    ])
  })

  it('lose their network after 90 days without a call, and are forgotten after 400', async () => {
    const { callers } = gateway.services
    callers.count(call('four', 1))
    callers.countFinding(call('four', 1), 'query-credentials')
    await callers.flush()
    gateway.clock.advance(91 * dayMilliseconds)
    await keepHouse(gateway.services)
    expect((await list('four')).map(({ network, finding }) => [network, finding])).to.have.deep.members([
      ['', ''],
      ['', 'query-credentials'],
    ])
    gateway.clock.advance(310 * dayMilliseconds)
    await keepHouse(gateway.services)
    expect(await list('four')).to.deep.equal([])
  })

  it('are not lost when the database is away for a while', async () => {
    const { callers, db } = gateway.services
    await db.schema.renameTable('caller_count', 'away')
    callers.count(call('five', 1))
    await callers.flush().catch(() => {})
    await db.schema.renameTable('away', 'caller_count')
    await callers.flush()
    expect(await list('five')).to.have.length(1)
  })

  it('are all there after whichever of two batches at once is waited for, also when the server ends', async () => {
    const { callers } = gateway.services
    callers.count(call('seven', 1))
    const first = callers.flush()
    await callers.flush()
    expect(await list('seven')).to.have.length(1)
    callers.count(call('seven', 2000))
    void callers.flush()
    await callers.close()
    expect(await list('seven')).to.have.length(2)
    await first
  })

  it('are shown to Prometheus by application and scheme, and what was found by application', async () => {
    const { callers, metrics } = gateway.services
    const read = async (name: string) => (await metrics.registry.getSingleMetric(name)?.get())?.values ?? []
    callers.count(call('six', 1))
    callers.countFinding(call('six', 1), 'recut')
    await callers.flush()
    callers.count(call('six', 2, 'another'))
    expect(await read('gateway_app_calls_total')).to.deep.include({
      labels: { app: 'six', scheme: 'legacy' },
      value: 2,
    })
    expect(await read('gateway_app_findings_total')).to.deep.include({
      labels: { app: 'six', finding: 'recut' },
      value: 1,
    })
  })
})
