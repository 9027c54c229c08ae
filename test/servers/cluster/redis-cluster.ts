import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { makePrivateFolder, removePrivateFolder } from '../processes/leftovers.js'
import { freePort, type RunningProcess } from '../processes/process.js'
import { launchRedis } from '../redis.js'

/** Three primaries of Redis that share the slots of keys. */
export interface RedisCluster {
  readonly ports: readonly number[]
  /** Ends one as a crash would. */
  kill(port: number): Promise<void>
  restart(port: number): Promise<void>
  stop(): Promise<void>
}

const slots = 16_384
const nodes = 3

/** Starts them on free loopback ports, and waits until each knows that the cluster is whole. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const folder = makePrivateFolder('redis-cluster')
  const running = new Map<number, RunningProcess>()
  const start = async (port: number) => {
    mkdirSync(join(folder, `${port}`), { recursive: true })
    // The cluster's own port is usually 10,000 above, where there may be none.
    const options = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000']
    const bus = ['--cluster-port', `${port - 10_000}`]
    running.set(port, await launchRedis(join(folder, `${port}`), port, [...options, ...bus]))
  }
  const stop = async () => {
    await Promise.all([...running.values()].map((server) => server.kill()))
    await removePrivateFolder(folder)
  }
  try {
    for (let at = 0; at < nodes; at++) await start(await freePort())
    const ports = [...running.keys()]
    await meet(ports)
    return {
      ports,
      kill: async (port) => void (await running.get(port)?.kill()),
      restart: start,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function meet(ports: readonly number[]): Promise<void> {
  const clients = ports.map((port) => new Redis(port, '127.0.0.1'))
  const [first] = ports
  try {
    for (const [at, client] of clients.entries()) {
      const [from, to] = [Math.ceil((at * slots) / nodes), Math.ceil(((at + 1) * slots) / nodes) - 1]
      await client.cluster('ADDSLOTSRANGE', from, to)
      if (at > 0 && first !== undefined)
        await client.call('CLUSTER', 'MEET', '127.0.0.1', first, first - 10_000)
    }
    for (const client of clients)
      while (!(await client.cluster('INFO')).includes('cluster_state:ok')) await sleep(50)
  } finally {
    for (const client of clients) client.disconnect()
  }
}
