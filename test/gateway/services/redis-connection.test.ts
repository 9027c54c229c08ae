import { expect } from 'chai'
import { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cache, createCache } from '../../../gateway/services/cache.js'
import { connectRedisDrops } from '../../../gateway/services/redis-drops.js'
import { createLog } from '../../../gateway/services/telemetry/log.js'
import { codeSent, tryLater } from '../../answers.js'
import { startGateway, type TestGateway } from '../../harness.js'
import { requireProgram } from '../../servers/available.js'
import { type RedisCluster, startRedisCluster } from '../../servers/cluster/redis-cluster.js'
import { groupName, type RedisGroup, startRedisGroup } from '../../servers/cluster/redis-group.js'
import { onEachDatabase } from '../../servers/databases.js'
import { makePrivateFolder, removePrivateFolder } from '../../servers/processes/leftovers.js'
import { freePort, type RunningProcess } from '../../servers/processes/process.js'
import { launchRedis, type RedisServer, startRedis } from '../../servers/redis.js'

const log = createLog('silent')
/** A primary is missed after two seconds, and three Sentinels choose another within some more. */
const failOverWithin = 20_000

/** Two nodes that tell each other what changed. */
class Pair {
  readonly here: Cache
  readonly there: Cache

  constructor(here: Cache, there: Cache) {
    this.here = here
    this.there = there
  }

  static async begin(url: string): Promise<Pair> {
    return new Pair(
      createCache(await connectRedisDrops(url, log)),
      createCache(await connectRedisDrops(url, log)),
    )
  }

  static async connect(url: string): Promise<Pair> {
    const pair = await Pair.begin(url)
    await until(() => pair.isConnected())
    await pair.untilTold()
    return pair
  }

  isConnected(): boolean {
    return [this.here, this.there].every((node) => node.isHealthy() && node.hearsOthers())
  }

  /** Milliseconds until each is told what the other one drops. */
  async untilTold(milliseconds = 5000): Promise<number> {
    const start = Date.now()
    for (const [from, to] of [
      [this.here, this.there],
      [this.there, this.here],
    ] as const) {
      const heard = new Set<string>()
      to.onDrop((key) => heard.add(key))
      while (!heard.has(`told ${start}`)) {
        from.drop(`told ${start}`)
        if (Date.now() - start > milliseconds) expect.fail('nothing was told')
        await sleep(20)
      }
    }
    return Date.now() - start
  }

  close(): void {
    this.here.close()
    this.there.close()
  }
}

describe('Redis with Sentinels', function () {
  this.timeout(60_000)
  let group: RedisGroup
  let pair: Pair

  before(async function () {
    requireProgram(this, 'redis-server')
    requireProgram(this, 'redis-sentinel')
    group = await startRedisGroup()
    await untilSentinelsKnow(group)
    const hosts = group.sentinels.map(({ host, port }) => `${host}:${port}`).join()
    pair = await Pair.connect(`redis+sentinel://${hosts}/${groupName}`)
  })
  after(async () => {
    pair?.close()
    await group?.stop()
  })

  it('tells what changed again after its primary was killed', async () => {
    await group.killPrimary()
    await until(() => !pair.isConnected())
    await pair.untilTold(failOverWithin)
    expect(pair.isConnected()).to.equal(true)
    await group.restartPrimary()
    await sleep(1000)
    await pair.untilTold()
  })
})

describe('Redis as a cluster', function () {
  this.timeout(60_000)
  let cluster: RedisCluster
  let pair: Pair

  before(async function () {
    requireProgram(this, 'redis-server')
    cluster = await startRedisCluster()
    pair = await Pair.connect(`redis+cluster://${cluster.ports.map((port) => `127.0.0.1:${port}`).join()}`)
  })
  after(async () => {
    pair?.close()
    await cluster?.stop()
  })

  it('tells what changed, whichever of its servers is away', async () => {
    for (const port of cluster.ports) {
      await cluster.kill(port)
      await pair.untilTold(10_000)
      await cluster.restart(port)
      await untilWhole(cluster)
      await pair.untilTold(10_000)
    }
  })

  it('is found by any one of its servers', async () => {
    const other = await Pair.connect(`redis+cluster://127.0.0.1:${cluster.ports[2]}`)
    await other.untilTold()
    other.close()
  })

  it('keeps no key', async () => {
    for (const port of cluster.ports) {
      const client = new Redis(port, '127.0.0.1')
      expect(await client.dbsize()).to.equal(0)
      client.disconnect()
    }
  })
})

describe('Redis that stands still', function () {
  this.timeout(30_000)
  let redis: RedisServer
  let pair: Pair

  before(async function () {
    requireProgram(this, 'redis-server')
    redis = await startRedis()
    pair = await Pair.connect(redis.url)
  })
  after(async () => {
    pair?.close()
    await redis?.stop()
  })

  it('is missed within seconds, and heard again when it goes on', async () => {
    const client = new Redis(redis.url, { retryStrategy: () => null })
    client.on('error', () => {})
    const [pid] =
      /process_id:(\d+)/
        .exec(await client.info('server'))
        ?.slice(1)
        .map(Number) ?? []
    client.disconnect()
    if (pid === undefined) expect.fail('it does not say which process it is')
    process.kill(pid, 'SIGSTOP')
    try {
      await until(() => !pair.here.hearsOthers() && !pair.there.isHealthy())
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await pair.untilTold(10_000)
  })
})

describe('Redis that starts after the gateways', function () {
  this.timeout(30_000)
  const folder = makePrivateFolder('redis')
  let redis: RunningProcess | undefined
  let pair: Pair

  before(function () {
    requireProgram(this, 'redis-server')
  })
  after(async () => {
    pair?.close()
    await redis?.kill()
    await removePrivateFolder(folder)
  })

  it('is heard then, and not believed to be before', async () => {
    const port = await freePort()
    pair = await Pair.begin(`redis://127.0.0.1:${port}`)
    await sleep(2000)
    expect(pair.isConnected()).to.equal(false)
    redis = await launchRedis(folder, port)
    await until(() => pair.isConnected())
    expect(await pair.untilTold()).to.be.below(1000)
  })
})

onEachDatabase('two gateways with a Redis of Sentinels', (database) => {
  let group: RedisGroup
  let here: TestGateway
  let there: TestGateway

  before(async function () {
    this.timeout(60_000)
    requireProgram(this, 'redis-server')
    requireProgram(this, 'redis-sentinel')
    group = await startRedisGroup()
    await untilSentinelsKnow(group)
    const [sentinel] = group.sentinels
    const env = { REDIS_URL: `redis+sentinel://${sentinel?.host}:${sentinel?.port}/${groupName}` }
    here = await startGateway(database, env)
    there = await startGateway(database, env)
    await until(() => [here, there].every(({ services }) => services.cache.hearsOthers()))
  })
  after(async () => {
    await here?.close()
    await there?.close()
    await group?.stop()
  })

  it('count limits and end sessions on both while the primary fails over', async function () {
    this.timeout(60_000)
    const user = await here.addUser()
    const token = await user.startSession()
    expect((await there.services.sessions.verify(token)).userId).to.equal(user.uid)
    await group.killPrimary()
    const mobile = '13912345678'
    const send = async (gateway: TestGateway) =>
      (await gateway.call('web.passport.sendcode', { area: '86', mobile })).text
    expect(await send(here)).to.equal(codeSent)
    expect(await send(there)).to.equal(tryLater)
    await here.request(`/front/account/login/logout?access_token=${token}`)
    const isEnded = () =>
      there.services.sessions.verify(token).then(
        () => false,
        () => true,
      )
    await until(isEnded)
    await until(() => [here, there].every(({ services }) => services.cache.hearsOthers()))
    // Just after a fail-over the connection may break once more.
    await until(async () => (await there.request('/readyz')).json?.['redis'] === true)
    expect((await there.request('/readyz')).json).to.include({ status: 'ready' })
  })
})

/** Waits as long as mocha lets the test wait. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(10)
}

/** Each Sentinel knows the two others, and the replica: before, none is chosen. */
async function untilSentinelsKnow({ sentinels }: RedisGroup): Promise<void> {
  for (const { host, port } of sentinels) {
    const client = new Redis(port, host)
    await until(async () => {
      const answer = (await client.call('SENTINEL', 'MASTER', groupName)) as string[]
      const valueOf = (name: string) => Number(answer[answer.indexOf(name) + 1])
      return valueOf('num-other-sentinels') === 2 && valueOf('num-slaves') === 1
    })
    client.disconnect()
  }
}

async function untilWhole({ ports }: RedisCluster): Promise<void> {
  for (const port of ports) {
    const client = new Redis(port, '127.0.0.1')
    await until(async () => (await client.cluster('INFO')).includes('cluster_state:ok'))
    client.disconnect()
  }
}
