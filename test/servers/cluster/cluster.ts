import { requireProgram } from '../available.js'
import { type GatewayProcess, startGatewayProcess } from '../processes/gateway-process.js'
import { freePort } from '../processes/process.js'
import { atPort, type Galera, startGalera } from './galera.js'
import { type DatabaseForm, type Haproxy, startDatabaseProxy, startGatewayProxy } from './haproxy.js'
import { groupName, type RedisGroup, startRedisGroup } from './redis-group.js'

/** All that a service of several machines is made of, on loopback. */
export interface Cluster {
  readonly galera: Galera
  readonly redis: RedisGroup
  /** Before the databases, in both forms. */
  readonly databases: Readonly<Record<DatabaseForm, Haproxy>>
  /** Behind `proxy`, each on the databases by the form that was chosen. */
  readonly nodes: readonly GatewayNode[]
  readonly proxy: Haproxy
  /** Of the database at each node of Galera. */
  readonly databaseUrls: readonly string[]
  stop(): Promise<void>
}

/** A gateway node that keeps its port when it is started again. */
interface GatewayNode {
  readonly url: string
  readonly pid: number
  readonly output: () => string
  /** SIGTERM: drains and ends. */
  stop(): Promise<void>
  kill(): Promise<void>
  start(): Promise<void>
}

interface ClusterSettings {
  readonly form: DatabaseForm
  /** Configuration of the gateway nodes. */
  readonly env?: Readonly<Record<string, string>>
  readonly show?: (step: string) => void
}

const gatewayNodes = 3

/** Skips the suite it is called in where the programs are not installed. */
export function requireCluster(context: Mocha.Context): void {
  for (const name of ['mariadbd', 'galera-4', 'haproxy', 'redis-server', 'redis-sentinel'] as const)
    requireProgram(context, name)
}

/** What REDIS_URL is for the gateway nodes: who the primary is they ask the Sentinels, now and when it goes. */
function redisUrlOf({ sentinels }: RedisGroup): string {
  return `redis+sentinel://${sentinels.map(({ host, port }) => `${host}:${port}`).join()}/${groupName}`
}

/** Starts everything. */
export async function startCluster(settings: ClusterSettings): Promise<Cluster> {
  const { form, env = {}, show = () => {} } = settings
  const ends: (() => Promise<void>)[] = []
  const kept = <Part extends { stop(): Promise<unknown> }>(part: Part): Part => {
    ends.push(async () => void (await part.stop()))
    return part
  }
  const stop = async () => {
    for (const end of ends.toReversed()) await end()
  }
  try {
    const galera = kept(await startGalera(show))
    const ports = galera.nodes.map(({ port }) => port)
    const url = await galera.createDatabase()
    show('HAProxy before the databases')
    const databases = {
      'one-writer': kept(await startDatabaseProxy('one-writer', ports)),
      'all-writers': kept(await startDatabaseProxy('all-writers', ports)),
    }
    show('Redis with a replica and three Sentinels')
    const redis = kept(await startRedisGroup())
    const nodes: GatewayNode[] = []
    // As docs/deploy/haproxy-nodes.cfg wants it.
    const drain = { DRAIN_SECONDS: '3' }
    const nodeEnv = { REDIS_URL: redisUrlOf(redis), TRUST_PROXY: '127.0.0.1', ...drain, ...env }
    for (let at = 0; at < gatewayNodes; at++) {
      show(`gateway node ${at + 1}`)
      nodes.push(kept(await startNode(atPort(url, databases[form].port), nodeEnv)))
    }
    show('HAProxy before the gateway nodes')
    const proxy = kept(await startGatewayProxy(nodes.map((node) => Number(new URL(node.url).port))))
    return {
      galera,
      redis,
      databases,
      nodes,
      proxy,
      databaseUrls: ports.map((port) => atPort(url, port)),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startNode(databaseUrl: string, env: Readonly<Record<string, string>>): Promise<GatewayNode> {
  const port = String(await freePort())
  const start = () => startGatewayProcess({ url: databaseUrl }, { ...env, PORT: port })
  let node: GatewayProcess = await start()
  return {
    url: node.url,
    get pid() {
      return node.pid
    },
    output: () => node.output(),
    stop: async () => void (await node.stop()),
    kill: async () => void (await node.kill()),
    start: async () => {
      node = await start()
    },
  }
}
