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
import { type Proxy, startNodesProxy } from '../../servers/shop/nginx.js'
import { signParameters } from '../../harness.js'

/** Calls that are under way at once, each over a connection of its own to the proxy. */
const clients = 8
const rounds = process.env['TEST_LONG'] ? 5 : 1

onEachDatabase('two nodes behind the nginx of the documents', (database) => {
  // A file of SQLite is one server's.
  if (database.kind === 'sqlite') return
  let beside: BesideConnection
  let proxy: Proxy
  const nodes: GatewayProcess[] = []
  const ports: number[] = []
  const start = (port: number | undefined) =>
    startGatewayProcess(database, { PORT: String(port), TRUST_PROXY: '127.0.0.1' })
  before(async function () {
    this.timeout(60_000)
    requireProgram(this, 'nginx')
    beside = await connectBeside(database)
    ports.push(await freePort(), await freePort())
    for (const port of ports) nodes.push(await start(port))
    proxy = await startNodesProxy(ports)
  })
  after(async () => {
    await proxy?.stop()
    await Promise.all(nodes.map((node) => node.stop()))
    await beside?.close()
  })

  it('lose no call while they are restarted one after the other', async function () {
    this.timeout(120_000 * rounds)
    const app = await beside.addApp()
    await sleep(2500)
    const lost: string[] = []
    let calls = 0
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
        calls++
        if (!answer.includes('"code":10010')) lost.push(answer)
      }
    }
    const running = Array.from({ length: clients }, (_, at) => client(at))
    for (let round = 0; round < rounds; round++)
      for (const [at, port] of ports.entries()) {
        await sleep(500)
        await nodes[at]?.stop()
        nodes[at] = await start(port)
      }
    await sleep(500)
    end.abort()
    await Promise.all(running)

    expect([...new Set(lost)], `${lost.length} of ${calls}`).to.deep.equal([])
    expect(calls).to.be.above(200)
  })
})
