import { expect } from 'chai'
import { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cache, createCache } from '../../../gateway/services/cache.js'
import { connectRedisDrops } from '../../../gateway/services/redis-drops.js'
import { createLog } from '../../../gateway/services/telemetry/log.js'
import { startGateway, type TestGateway } from '../../harness.js'
import { requireProgram } from '../../servers/available.js'
import { onEachDatabase } from '../../servers/databases.js'
import { type RedisServer, startRedis } from '../../servers/redis.js'

const { now: systemTime } = Date

/** Lets the cache's own life times stand still, so that nothing is forgotten for its age. */
function stopTime(at = systemTime()): void {
  Date.now = () => at
}

describe('the cache', () => {
  const lines: string[] = []
  const log = createLog('info', { write: (line) => lines.push(line), flush() {}, flushSync() {} })
  let cache: Cache
  beforeEach(() => {
    cache = createCache()
    stopTime()
  })
  afterEach(() => {
    cache.close()
    Date.now = systemTime
  })

  it('loads a value once and remembers the very same', async () => {
    const value = { name: 'a' }
    const loads: string[] = []
    const load = async () => {
      loads.push('load')
      return value
    }
    expect(await cache.fetch('key', load)).to.equal(value)
    expect(await cache.fetch('key', load)).to.equal(value)
    expect(await cache.fetch('another key', load)).to.equal(value)
    expect(loads).to.have.length(2)
  })

  it('remembers zero, null and the empty text, but not that there is nothing', async () => {
    for (const value of [0, null, '', false]) {
      await cache.fetch(`key of ${value}`, async () => value)
      expect(await cache.fetch(`key of ${value}`, () => expect.fail('known'))).to.equal(value)
    }
    expect(await cache.fetch('key', async () => undefined)).to.equal(undefined)
    expect(await cache.fetch('key', async () => 'there now')).to.equal('there now')
  })

  it('forgets a value that is dropped, and no other', async () => {
    await cache.fetch('key', async () => 'old')
    await cache.fetch('another key', async () => 'kept')
    cache.drop('key')
    cache.drop('never known')
    expect(await cache.fetch('key', async () => 'new')).to.equal('new')
    expect(await cache.fetch('another key', () => expect.fail('known'))).to.equal('kept')
  })

  it('does not remember what was being loaded when it was dropped', async () => {
    let finish: (value: string) => void = () => {}
    const loading = cache.fetch('key', () => new Promise<string>((resolve) => (finish = resolve)))
    cache.drop('key')
    finish('read before the change')
    expect(await loading).to.equal('read before the change')
    expect(await cache.fetch('key', async () => 'read after it')).to.equal('read after it')
    expect(await cache.fetch('key', () => expect.fail('known'))).to.equal('read after it')
  })

  it('does not remember a load that failed', async () => {
    const failing = async () => cache.fetch('key', () => Promise.reject(new Error('the database is down')))
    expect(await failing().catch((error: Error) => error.message)).to.equal('the database is down')
    expect(await cache.fetch('key', async () => 'back')).to.equal('back')
  })

  it('forgets everything after two seconds, for changes that it does not hear of', async () => {
    const at = systemTime()
    stopTime(at)
    await cache.fetch('key', async () => 'old')
    stopTime(at + 2000)
    expect(await cache.fetch('key', () => expect.fail('known'))).to.equal('old')
    stopTime(at + 2001)
    expect(await cache.fetch('key', async () => 'new')).to.equal('new')
  })

  it('answers without remembering when it is full', async () => {
    for (let at = 0; at < 200_000; at++) await cache.fetch(`key ${at}`, async () => at)
    expect(await cache.fetch('one more', async () => 'first')).to.equal('first')
    expect(await cache.fetch('one more', async () => 'second')).to.equal('second')
    expect(await cache.fetch('key 0', () => expect.fail('known'))).to.equal(0)
    cache.drop('key 0')
    await cache.fetch('one more', async () => 'third')
    expect(await cache.fetch('one more', () => expect.fail('known'))).to.equal('third')
  })

  it('is healthy without Redis', () => {
    expect(cache.isHealthy()).to.equal(true)
  })

  describe('with Redis', function () {
    let redis: RedisServer
    let here: Cache
    let there: Cache
    before(async function () {
      requireProgram(this, 'redis-server')
      redis = await startRedis()
    })
    after(() => redis.stop())
    beforeEach(async () => {
      lines.length = 0
      here = createCache(await connectRedisDrops(redis.url, log))
      there = createCache(await connectRedisDrops(redis.url, log))
      await untilListening(redis, 2)
      await until(() => here.isHealthy() && there.isHealthy())
    })
    afterEach(() => {
      here.close()
      there.close()
    })

    it('forgets on every node what is dropped on one', async () => {
      for (const node of [here, there]) await node.fetch('key', async () => 'old')
      await there.fetch('another key', async () => 'kept')
      here.drop('key')
      expect(await here.fetch('key', async () => 'new')).to.equal('new')
      await untilForgotten(there, 'key')
      expect(await there.fetch('another key', () => expect.fail('known'))).to.equal('kept')
    })

    it('does not remember on one node what was being loaded when it was dropped on another', async () => {
      await there.fetch('witness', async () => 'old')
      let finish: (value: string) => void = () => {}
      const loading = there.fetch('key', () => new Promise<string>((resolve) => (finish = resolve)))
      here.drop('key')
      here.drop('witness')
      await untilForgotten(there, 'witness')
      finish('read before the change')
      await loading
      expect(await there.fetch('key', async () => 'read after it')).to.equal('read after it')
    })

    it('goes on alone while Redis is down, and hears the other nodes when it is back', async () => {
      await redis.kill()
      await until(() => lines.join('').includes('redis is not reachable'))
      await until(() => !here.isHealthy() && !there.isHealthy())
      await here.fetch('key', async () => 'old')
      here.drop('key')
      expect(await here.fetch('key', async () => 'new')).to.equal('new')
      await there.fetch('key', async () => 'old')
      await redis.restart()
      await untilListening(redis, 2)
      await until(() => here.isHealthy() && there.isHealthy())
      here.drop('key')
      await untilForgotten(there, 'key')
    })
  })
})

onEachDatabase('two gateways with one Redis', (database) => {
  let redis: RedisServer
  let here: TestGateway
  let there: TestGateway
  before(async function () {
    requireProgram(this, 'redis-server')
    redis = await startRedis()
    here = await startGateway(database, { REDIS_URL: redis.url })
    there = await startGateway(database, { REDIS_URL: redis.url })
    await untilListening(redis, 2)
    await until(() => here.services.cache.isHealthy() && there.services.cache.isHealthy())
    stopTime()
  })
  after(async () => {
    Date.now = systemTime
    await here.close()
    await there.close()
    await redis.stop()
  })

  it('end a session on both when it is ended on one', async () => {
    const user = await here.addUser()
    const publicApp = await here.addApp({ trust: 'public' })
    await there.services.apps.refresh()
    const session_key = await user.startSession()
    const codeOn = async (gateway: TestGateway) => {
      const params = { uid: String(user.uid), session_key }
      return (await gateway.call('web.passport.getLikeBrand', params, { app: publicApp })).json?.code
    }
    expect([await codeOn(here), await codeOn(there)]).to.deep.equal([200, 200])
    await here.request(`/front/account/login/logout?access_token=${session_key}`)
    expect(await codeOn(here)).to.equal(10014)
    await until(async () => (await codeOn(there)) === 10014)
  })

  it('end all sessions on both when the password is changed on one', async () => {
    const user = await here.addUser()
    const token = await user.startSession()
    expect((await there.services.sessions.verify(token)).userId).to.equal(user.uid)
    const params = { uid: String(user.uid), newPassword: 'a new password' }
    expect((await here.call('web.passport.changePwd', params)).json?.code).to.equal(200)
    const errorThere = () => there.services.sessions.verify(token).then(() => undefined, String)
    await until(async () => (await errorThere())?.includes('TOKEN_BROKEN') ?? false)
  })

  it('show a changed count on both when it is set on one', async () => {
    const uid = String((await here.addUser()).uid)
    const ordersOn = async (gateway: TestGateway) =>
      /"orderCount":(\d+)/.exec((await gateway.call('open.passport.get', { uid })).text)?.[1]
    expect(await ordersOn(there)).to.equal('0')
    await here.call('open.passport.setCounters', { uid, orderCount: '3' })
    expect(await ordersOn(here)).to.equal('3')
    await until(async () => (await ordersOn(there)) === '3')
  })

  it('tell the balancer whether Redis answers, and are ready without it', async () => {
    expect((await here.request('/readyz')).json).to.include({ status: 'ready', redis: true })
    await redis.kill()
    await until(() => !here.services.cache.isHealthy())
    const { status, json } = await here.request('/readyz')
    expect(status).to.equal(200)
    expect(json).to.include({ status: 'ready', redis: false })
    const { uid } = await here.addUser()
    expect((await here.call('open.passport.get', { uid: String(uid) })).json?.code).to.equal(200)
  })
})

/** Waits as long as mocha lets the test wait. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(10)
}

async function untilForgotten(cache: Cache, key: string): Promise<void> {
  await until(async () => (await cache.fetch(key, async () => undefined)) === undefined)
}

/** Waits until so many nodes listen to what the others drop. */
async function untilListening({ url }: RedisServer, nodes: number): Promise<void> {
  const client = new Redis(url)
  try {
    await until(async () => {
      const [channel] = (await client.pubsub('CHANNELS')) as string[]
      if (channel === undefined) return false
      const [, listeners] = await client.pubsub('NUMSUB', channel)
      return Number(listeners) === nodes
    })
  } finally {
    client.disconnect()
  }
}
