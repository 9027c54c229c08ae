import { expect } from 'chai'
import type { RowDataPacket } from 'mysql2'
import { setTimeout as sleep } from 'node:timers/promises'
import { asRoot } from '../../servers/mariadb.js'
import { requireProgram } from '../../servers/available.js'
import { type Galera, startGalera } from '../../servers/cluster/galera.js'
import { type Haproxy, startDatabaseProxy, startWriterProxies } from '../../servers/cluster/haproxy.js'

const isLong = process.env['TEST_LONG'] !== undefined
/** Within which HAProxy knows that a node has gone, or is there again. */
const knownMilliseconds = 5000

if (isLong)
  describe('the one writer of a cluster', function () {
    this.timeout(300_000)
    let galera: Galera
    let alone: Haproxy
    let pair: readonly [Haproxy, Haproxy]
    before(async function () {
      for (const name of ['mariadbd', 'galera-4', 'haproxy'] as const) requireProgram(this, name)
      galera = await startGalera()
      const ports = galera.nodes.map(({ port }) => port)
      alone = await startDatabaseProxy('one-writer', ports)
      pair = await startWriterProxies(ports)
      await sleep(knownMilliseconds)
    })
    after(async () => {
      for (const proxy of [alone, ...(pair ?? [])]) await proxy?.stop()
      await galera?.stop()
    })

    /** The node that a new connection leads to. */
    const writerOf = ({ port }: Haproxy) =>
      asRoot(port, async (root) => {
        const [rows] = await root.query<RowDataPacket[]>('SELECT @@wsrep_node_name AS name')
        return rows[0]?.['name'] as string
      })
    const writers = async (...proxies: readonly Haproxy[]) => {
      const names = []
      for (const proxy of proxies) names.push(await writerOf(proxy))
      return names
    }

    it('is not the one that comes back, for a proxy that was used meanwhile and for those that it tells', async () => {
      const [first, second] = pair
      expect(await writers(alone, first, second)).to.deep.equal(['db1', 'db1', 'db1'])
      await galera.nodes[0]?.kill()
      await sleep(knownMilliseconds)
      expect(await writers(alone, first)).to.deep.equal(['db2', 'db2'])
      await galera.nodes[0]?.rejoin('IST')
      await sleep(knownMilliseconds)
      expect(await writers(alone, second, first)).to.deep.equal(['db2', 'db2', 'db2'])
    })

    it('stays so, however many connections are made at once when it goes', async () => {
      const [writer] = await writers(alone)
      const node = galera.nodes.find(({ name }) => name === writer)
      await node?.kill()
      await sleep(knownMilliseconds)
      const names = await Promise.all(Array.from({ length: 40 }, () => writerOf(alone)))
      expect(new Set(names)).to.have.property('size', 1)
      await node?.rejoin('IST')
      await sleep(knownMilliseconds)
      expect(await writers(alone)).to.deep.equal([names[0]])
      expect(names[0]).to.not.equal(writer)
    })
  })
