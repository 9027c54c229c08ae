import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireProgram } from '../../servers/available.js'
import { onEachDatabase } from '../../servers/databases.js'
import {
  type BesideConnection,
  connectBeside,
  type GatewayProcess,
  startGatewayProcess,
} from '../../servers/processes/gateway-process.js'
import { freePort } from '../../servers/processes/process.js'
import { startGatewayProxy } from '../../servers/cluster/haproxy.js'
import { type Proxy, startNodesProxy } from '../../servers/shop/nginx.js'
import { signParameters, type TestApp } from '../../harness.js'

/** Calls that are under way at once, each over a connection of its own to the proxy. */
const clients = 8
/** Calls at least; the nodes are restarted until there have been so many. */
const least = process.env['TEST_LONG'] ? 20_000 : 200

/** Those of the documents; HAProxy's third node is one that is not there. */
const proxies = {
  nginx: startNodesProxy,
  haproxy: async (ports: readonly number[]): Promise<Proxy> => {
    const proxy = await startGatewayProxy([...ports, await freePort()])
    return { url: `http://127.0.0.1:${proxy.port}`, lostCalls: () => [], stop: () => proxy.stop() }
  },
} as const

onEachDatabase('two nodes behind a proxy of the documents', (database) => {
  // A file of SQLite is one server's.
  if (database.kind === 'sqlite') return
  let beside: BesideConnection
  const nodes: GatewayProcess[] = []
  const ports: number[] = []
  const start = (port: number | undefined, drainSeconds = 0) =>
    startGatewayProcess(database, {
      PORT: String(port),
      TRUST_PROXY: '127.0.0.1',
      DRAIN_SECONDS: String(drainSeconds),
    })
  before(async function () {
    this.timeout(60_000)
    beside = await connectBeside(database)
    ports.push(await freePort(), await freePort())
    for (const port of ports) nodes.push(await start(port))
  })
  after(async () => {
    await Promise.all(nodes.map((node) => node.stop()))
    await beside?.close()
  })

  let app: TestApp
  before(async () => {
    app = await beside.addApp()
    await sleep(2500)
  })

  for (const [name, seconds] of [
    ['nginx', 0],
    ['haproxy', 3],
  ] as const)
    it(`lose no call while they are restarted one after the other behind ${name}`, async function () {
      this.timeout(1_200_000)
      requireProgram(this, name)
      const proxy = await proxies[name](ports)
      for (const [at, node] of nodes.entries()) {
        await node.stop()
        nodes[at] = await start(ports[at], seconds)
      }
      const seen = { calls: 0, lost: [] as string[] }
      const end = new AbortController()
      const params = { method: 'web.passport.getUserHabits', uid: '987654321' }
      const client = async (at: number) => {
        for (let count = at; !end.signal.aborted; count++) {
          const body = new URLSearchParams(signParameters(app, params))
          const answer = await (count % 2 === 0
            ? fetch(`${proxy.url}/gateway?${body.toString()}`)
            : fetch(`${proxy.url}/gateway`, { method: 'POST', body })
          ).then(
            async (response) => `${response.status} ${await response.text()}`,
            (error: unknown) => String(error),
          )
          seen.calls++
          if (!answer.includes('"code":10010')) seen.lost.push(answer)
        }
      }
      const running = Array.from({ length: clients }, (_, at) => client(at))
      const restartAll = async () => {
        for (const [at, port] of ports.entries()) {
          await sleep(500)
          await nodes[at]?.stop()
          nodes[at] = await start(port, seconds)
        }
      }
      do await restartAll()
      while (seen.calls < least)
      await sleep(500)
      end.abort()
      await Promise.all(running)
      await proxy.stop()

      expect([...new Set(seen.lost)], `${seen.lost.length} of ${seen.calls}`).to.deep.equal([])
      expect(seen.calls).to.be.at.least(least)
    })
})
