import { type Connection, createConnection } from 'mysql2/promise'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../../servers/cluster/cluster.js'
import { atPort } from '../../servers/cluster/galera.js'
import type { GaleraNode } from '../../servers/cluster/galera-node.js'
import type { DatabaseForm } from '../../servers/cluster/haproxy.js'

/** Something that goes wrong, or is done on purpose, while calls come. */
export interface Fault {
  readonly title: string
  /** The most of a hundred calls, from then to its end, that may fail. */
  readonly mostPercent: number
  /** Happens, is over, and is mended when this resolves. */
  happen(cluster: Cluster, form: DatabaseForm): Promise<void>
}

/** How long something stays broken before it is mended. */
const outageMilliseconds = 8000
const frozenMilliseconds = 20_000

/** Of database nodes: the one that most connections go to, or one that none or fewest go to. */
async function findNode(
  { galera, databases }: Cluster,
  form: DatabaseForm,
  wanted: 'writer' | 'other',
): Promise<GaleraNode> {
  const servers = await databases[form].servers()
  const connectionsOf = ({ name }: GaleraNode) => servers[name]?.connections ?? 0
  const byUse = galera.nodes.toSorted((left, right) => connectionsOf(right) - connectionsOf(left))
  const node = wanted === 'writer' ? byUse[0] : byUse.at(-1)
  if (!node) throw new Error('a cluster has nodes')
  return node
}

function killedDatabase(wanted: 'writer' | 'other', how: 'IST' | 'SST', mostPercent: number): Fault {
  return {
    title: `kill -9 of ${wanted === 'writer' ? 'the writer' : 'another database node'}, back by ${how}`,
    mostPercent,
    async happen(cluster, form) {
      const node = await findNode(cluster, form, wanted)
      await node.kill()
      await sleep(outageMilliseconds)
      await node.rejoin(how)
    },
  }
}

function frozenDatabase(wanted: 'writer' | 'other', mostPercent: number): Fault {
  return {
    title: `${wanted === 'writer' ? 'the writer' : 'another database node'} frozen for 20 s`,
    mostPercent,
    async happen(cluster, form) {
      const node = await findNode(cluster, form, wanted)
      node.pause()
      try {
        await sleep(frozenMilliseconds)
      } finally {
        node.resume()
      }
      await sleep(outageMilliseconds)
    },
  }
}

/** Of a node that has the others' changes to make: it can't, and leaves them by itself. */
const fullDisk: Fault = {
  title: 'a full disk of another database node, freed, back by SST',
  mostPercent: 2.7,
  async happen(cluster, form) {
    const node = await findNode(cluster, form, 'other')
    await fillDisk(cluster, node)
    await sleep(outageMilliseconds)
    await node.kill()
    await node.rejoin('SST')
  },
}

/** Of the one that nobody else writes for: each write is refused until somebody ends it, as the runbook says. */
const fullDiskOfWriter: Fault = {
  title: 'a full disk of the writer, ended after 8 s, freed, back by SST',
  mostPercent: 50,
  async happen(cluster, form) {
    const node = await findNode(cluster, form, 'writer')
    await fillDisk(cluster, node)
    await sleep(outageMilliseconds)
    await node.kill()
    await sleep(outageMilliseconds)
    await node.rejoin('SST')
  },
}

/** Has a node's disk be full, and the room used up that is left in its tables. */
async function fillDisk({ galera }: Cluster, node: GaleraNode): Promise<void> {
  const table = 'CREATE TABLE ballast (id INT AUTO_INCREMENT PRIMARY KEY, filling LONGBLOB)'
  const connection = await createConnection(atPort(await galera.createDatabase(table), node.port))
  try {
    await node.fillDisk()
    // Down to some pages, which is all that a small table takes at once.
    for (const size of [200_000, 8000]) while (await takes(connection, size));
  } finally {
    connection.destroy()
  }
}

/** Whether a node still takes a row of a size: neither is its disk full, nor has it left the others. */
async function takes(connection: Connection, size: number): Promise<boolean> {
  try {
    await connection.query("INSERT INTO ballast (filling) VALUES (REPEAT('x', ?))", [size])
    return true
  } catch {
    return false
  }
}

const killedGateway: Fault = {
  title: 'kill -9 of a gateway node, then back',
  mostPercent: 1,
  async happen({ nodes }) {
    const [node] = nodes
    await node?.kill()
    await sleep(outageMilliseconds)
    await node?.start()
  },
}

const frozenGateway: Fault = {
  title: 'a gateway node frozen for 20 s',
  mostPercent: 3,
  async happen({ nodes }) {
    const pid = nodes[1]?.pid ?? 0
    process.kill(pid, 'SIGSTOP')
    await sleep(frozenMilliseconds)
    process.kill(pid, 'SIGCONT')
  },
}

const killedRedis: Fault = {
  title: "kill -9 of Redis' primary, then back",
  mostPercent: 0,
  async happen({ redis }) {
    await redis.killPrimary()
    await sleep(outageMilliseconds)
    await redis.restartPrimary()
  },
}

const restartedGateways: Fault = {
  title: 'all gateway nodes restarted in turn',
  mostPercent: 0,
  async happen({ nodes }) {
    for (const node of nodes) {
      await node.stop()
      await node.start()
      await sleep(1000)
    }
  },
}

/** The most that may fail is a tenth of what a trial without all this saw: 384 of 1,427, 350 of 2,486, 280 of 5,088. */
export const faults: readonly Fault[] = [
  restartedGateways,
  killedGateway,
  frozenGateway,
  killedRedis,
  killedDatabase('other', 'IST', 2.7),
  killedDatabase('writer', 'IST', 1.4),
  killedDatabase('other', 'SST', 2.7),
  killedDatabase('writer', 'SST', 1.4),
  frozenDatabase('other', 0.5),
  frozenDatabase('writer', 0.5),
  fullDisk,
  fullDiskOfWriter,
]
