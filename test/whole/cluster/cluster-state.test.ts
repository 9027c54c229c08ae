import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireProgram } from '../../servers/available.js'
import { atPort, type Galera, startGalera } from '../../servers/cluster/galera.js'
import type { GaleraNode } from '../../servers/cluster/galera-node.js'
import { type GatewayProcess, startGatewayProcess } from '../../servers/processes/gateway-process.js'

const isLong = process.env['TEST_LONG'] !== undefined
const withinMilliseconds = 30_000

/** What a database node says of its cluster, or what /metrics says that it does. */
interface Told {
  readonly size: number | undefined
  readonly isReady: boolean | undefined
}

async function toldByNode(node: GaleraNode): Promise<Told> {
  const size = Number(await node.status('wsrep_cluster_size'))
  return { size, isReady: (await node.status('wsrep_ready')) === 'ON' }
}

/** And the state that is 1. */
async function toldByMetrics({
  url,
}: GatewayProcess): Promise<Told & { readonly state: string | undefined }> {
  const text = await (await fetch(`${url}/metrics`, { headers: { Connection: 'close' } })).text()
  const valueOf = (name: string) => new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]
  const size = valueOf('gateway_database_cluster_size')
  const ready = valueOf('gateway_database_cluster_ready')
  return {
    size: size === undefined ? undefined : Number(size),
    isReady: ready === undefined ? undefined : ready === '1',
    state: /^gateway_database_state\{state="([^"]+)"\} 1$/m.exec(text)?.[1],
  }
}

if (isLong)
  describe('/metrics of gateways, each at its own node of a cluster', function () {
    this.timeout(300_000)
    let galera: Galera
    let gateways: GatewayProcess[] = []
    before(async function () {
      for (const name of ['mariadbd', 'galera-4'] as const) requireProgram(this, name)
      galera = await startGalera()
      const url = await galera.createDatabase()
      gateways = []
      for (const { port } of galera.nodes)
        gateways.push(await startGatewayProcess({ url: atPort(url, port) }))
    })
    after(async () => {
      await Promise.all(gateways.map((gateway) => gateway.kill()))
      await galera?.stop()
    })

    /** Waits until it is so, and until the database says the same where it can be asked. */
    const expectTold = async (at: number, wanted: Awaited<ReturnType<typeof toldByMetrics>>) => {
      const gateway = gateways[at]
      const node = galera.nodes[at]
      if (!gateway || !node) throw new Error('each node has a gateway')
      const isAsked = wanted.size !== undefined
      const { state, ...cluster } = wanted
      for (const end = Date.now() + withinMilliseconds; ; await sleep(200)) {
        const told = await toldByMetrics(gateway)
        const own = isAsked ? await toldByNode(node) : cluster
        const isSo = JSON.stringify([told, own]) === JSON.stringify([{ ...cluster, state }, cluster])
        if (!isSo && Date.now() < end) continue
        expect({ told, own }, `node ${at + 1}`).to.deep.equal({ told: wanted, own: cluster })
        return
      }
    }
    const node = (at: number) => {
      const found = galera.nodes[at]
      if (!found) throw new Error('a cluster has three nodes')
      return found
    }
    const whole = (size: number) => ({ size, isReady: true, state: 'ready' })
    const untold = (state: string) => ({ size: undefined, isReady: undefined, state })

    it('say what SHOW STATUS says there, while one leaves, quorum is lost and found, and one comes', async () => {
      for (const at of [0, 1, 2]) await expectTold(at, whole(3))

      await node(2).stop()
      for (const at of [0, 1]) await expectTold(at, whole(2))
      await expectTold(2, untold('unreachable'))

      node(1).pause()
      // One of two is no majority.
      await expectTold(0, { size: 1, isReady: false, state: 'no quorum' })
      await expectTold(1, untold('no answer'))

      node(1).resume()
      for (const at of [0, 1]) await expectTold(at, whole(2))

      await node(2).rejoin('IST')
      for (const at of [0, 1, 2]) await expectTold(at, whole(3))
    })
  })
