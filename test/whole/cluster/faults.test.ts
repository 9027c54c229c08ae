import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireCluster } from '../../servers/cluster/cluster.js'
import { databaseForms } from '../../servers/cluster/haproxy.js'
import { faults } from './faults.js'
import { type Figures, startLoad } from './mixed-load.js'
import { type Service, startService } from './service.js'

/** Without TEST_LONG nothing of it runs: it takes a quarter of an hour. */
const isLong = process.env['TEST_LONG'] !== undefined
const perSecond = Number(process.env['TEST_CLUSTER_RATE'] ?? 200)
const rounds = Number(process.env['TEST_CLUSTER_ROUNDS'] ?? 1)
const customers = 40
/** Of each database node's log, now and before it was ended, shown where a fault cost too much: nothing else is left of that night. */
const shownLogLines = 60

/** Of a title's first words, for one of them. */
const wanted = new RegExp(process.env['TEST_CLUSTER_FAULT'] ?? '')

for (const form of isLong ? databaseForms : [])
  describe(`a cluster with ${form} at ${perSecond} acts a second`, function () {
    this.timeout(300_000)
    let service: Service
    const rows: string[] = []
    before(async function () {
      requireCluster(this)
      service = await startService(form)
    })
    afterEach(function () {
      if (this.currentTest?.state !== 'failed') return
      for (const node of service.cluster.galera.nodes)
        for (const log of node.logs().slice(-2))
          rows.push(`${node.name}:`, ...log.trimEnd().split('\n').slice(-shownLogLines))
    })
    after(async () => {
      await service?.stop()
      console.log(
        ['', '| fault | calls | failed | until the last failed | slowest answer |', ...rows].join('\n'),
      )
    })

    for (const fault of faults.filter(({ title }) => wanted.test(title)))
      for (let round = 1; round <= rounds; round++)
        it(`loses and doubles nothing: ${fault.title} (${round})`, async () => {
          const own = []
          for (let at = 0; at < customers; at++) own.push(await service.signUp())
          const load = startLoad(service, own, perSecond)
          await sleep(3000)
          const begin = Date.now()
          await fault.happen(service.cluster, form)
          await sleep(3000)
          const figures = await load.stop()

          rows.push(`| ${fault.title} | ${describeFigures(figures, begin)} |`)
          for (const [what, count] of countEach(figures)) rows.push(`    ${count} × ${what}`)
          await expectNothingLost(service, figures)
          expect((100 * figures.failed.length) / figures.calls, 'of a hundred calls').to.be.at.most(
            fault.mostPercent,
          )
        })
  })

function describeFigures({ calls, failed, slowest }: Figures, begin: number): string {
  const last = failed.length === 0 ? 0 : Math.max(...failed.map(({ at }) => at)) - begin
  return [calls, failed.length, `${(last / 1000).toFixed(1)} s`, `${(slowest / 1000).toFixed(1)} s`].join(
    ' | ',
  )
}

function countEach({ failed }: Figures): [string, number][] {
  const counts = new Map<string, number>()
  for (const { what } of failed) counts.set(what, (counts.get(what) ?? 0) + 1)
  return [...counts].slice(0, 8)
}

/** On every database node what was acknowledged is there, once; what was ended stays so. */
async function expectNothingLost(service: Service, figures: Figures): Promise<void> {
  for (let node = 0; node < service.cluster.galera.nodes.length; node++) {
    const beside = await service.connectTo(node)
    const rows = await beside.db('account_user_delivery_address').pluck('ud_name')
    await beside.close()
    const there = new Set(rows)
    expect(
      [...figures.added].filter((name) => !there.has(name)),
      `lost at node ${node}`,
    ).to.deep.equal([])
    expect(rows.length - there.size, `doubled at node ${node}`).to.equal(0)
  }
  expect(figures.usedTwice, 'codes used twice').to.equal(0)
  const alive = []
  for (const [at, token] of figures.ended.entries()) {
    const { code } = await service.call('front.account.user.info', { perm_key: token }, at % 3)
    if (code === 200) alive.push(token)
  }
  expect(alive, 'sessions alive again').to.deep.equal([])
}
