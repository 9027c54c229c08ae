import { expect } from 'chai'
import type { Knex } from 'knex'
import { setTimeout as sleep } from 'node:timers/promises'
import { open } from '../../db/target.js'
import { requireProgram } from '../../servers/available.js'
import { onEachEmptyDatabase } from '../../servers/databases.js'
import { freePort, type RunningProcess } from '../../servers/processes/process.js'
import { startNodesProxy } from '../../servers/shop/nginx.js'
import { makeVisitors, type Visitor } from './mixed-load.js'
import { buildPreviousRelease, previousRelease, requirePreviousRelease } from './previous-release.js'
import { startVersion, type Version } from './versions.js'

const isLong = process.env['TEST_LONG'] !== undefined
/** Undisturbed load between two changes (ms). */
const steady = 3000

// Building the release before takes a minute.
const describeIfLong = isLong ? onEachEmptyDatabase : () => {}

describeIfLong(`an upgrade from ${previousRelease.version} to this version, and back`, function (database) {
  this.timeout(600_000)
  let old: Version
  let db: Knex
  const running: RunningProcess[] = []
  before(async function () {
    await requirePreviousRelease(this)
    if (database.kind === 'mysql') requireProgram(this, 'nginx')
    old = await buildPreviousRelease()
    db = open(database)
  })
  after(async () => {
    await Promise.all(running.map((node) => node.stop()))
    await db?.destroy()
  })

  async function start(version: Version, port: number): Promise<RunningProcess> {
    const node = await startVersion(version, { database: database.url, port })
    running.push(node)
    return node
  }

  if (database.kind === 'mysql')
    it('loses no call: old nodes, both, new ones only, both, old ones again', async () => {
      const ports = [await freePort(), await freePort()]
      const nodes = await Promise.all(ports.map((port) => start(old, port)))
      const proxy = await startNodesProxy(ports)
      const visitors = await makeVisitors({ url: proxy.url, db }, 16)
      const end = new AbortController()
      const started = Date.now()
      const rounds = visitors.map(async (visitor) => {
        while (!end.signal.aborted) await visitor.round()
      })
      const replace = async (place: number, version: Version) => {
        await sleep(steady)
        await nodes[place]?.stop()
        nodes[place] = await start(version, ports[place] ?? 0)
      }
      for (const version of [undefined, old]) for (const place of [0, 1]) await replace(place, version)
      await sleep(steady)
      end.abort()
      await Promise.all(rounds)
      const seconds = (Date.now() - started) / 1000
      await proxy.stop()
      check(visitors, `${Math.round(sum(visitors) / seconds)} calls a second`)
    })

  if (database.kind === 'sqlite')
    it('keeps everything: the old server, the new one, the old one again', async () => {
      const port = await freePort()
      let server = await start(old, port)
      const visitors = await makeVisitors({ url: `http://127.0.0.1:${port}`, db }, 4)
      for (const version of [undefined, old]) {
        for (let count = 0; count < 10; count++) await Promise.all(visitors.map((one) => one.round()))
        await server.stop()
        server = await start(version, port)
      }
      for (let count = 0; count < 10; count++) await Promise.all(visitors.map((one) => one.round()))
      check(visitors, 'one server')
    })
})

const sum = (visitors: readonly Visitor[]) => visitors.reduce((total, { calls }) => total + calls, 0)

function check(visitors: readonly Visitor[], how: string): void {
  const failures = visitors.flatMap((visitor) => visitor.failures)
  console.log(`      ${sum(visitors)} calls, ${how}, ${failures.length} failed`)
  expect([...new Set(failures)], `${failures.length} failed`).to.deep.equal([])
  expect(sum(visitors)).to.be.above(400)
}
