import { setTimeout as sleep } from 'node:timers/promises'
import { requireProgram } from '../../servers/available.js'
import {
  type BesideConnection,
  connectBeside,
  type GatewayProcess,
  startGatewayProcess,
} from '../../servers/processes/gateway-process.js'
import { makePrivateFolder, removePrivateFolder } from '../../servers/processes/leftovers.js'
import { type Mariadb, startMariadb } from '../../servers/mariadb.js'
import { type RedisServer, startRedis } from '../../servers/redis.js'
import { checkLoad } from './check-load.js'
import { type JournalLoad, startJournalLoad } from './journal-load.js'

const rounds = process.env['TEST_LONG'] ? 10 : 1
const backWithin = 10_000
/** Acknowledged writes of every user between two failures: there must be some to lose. */
const writesBetween = 15

describe('two servers on one MariaDB, under load', function () {
  this.timeout(60_000 * rounds)
  let mariadb: Mariadb
  let redis: RedisServer
  let url: string
  let beside: BesideConnection
  let servers: GatewayProcess[]
  let env: Record<string, string>

  before(async function () {
    requireProgram(this, 'mariadbd')
    requireProgram(this, 'redis-server')
    mariadb = await startMariadb()
    redis = await startRedis()
    url = await mariadb.createDatabase()
    env = { REDIS_URL: redis.url }
    beside = await connectBeside({ url })
  })
  beforeEach(async () => {
    servers = [await startGatewayProcess({ url }, env), await startGatewayProcess({ url }, env)]
  })
  afterEach(() => Promise.all(servers.map((server) => server.stop())))
  after(async () => {
    await beside.close()
    await redis.stop()
    await mariadb.stop()
  })

  async function startLoad(): Promise<JournalLoad> {
    const app = await beside.addApp({ name: `load-${Date.now()}` })
    // Processes that run already see a new application two seconds later.
    await sleep(2500)
    const load = await startJournalLoad(
      beside.db,
      app,
      servers.map((server) => server.url),
    )
    await load.untilWritten(writesBetween)
    return load
  }

  it('answers clean errors while MariaDB is killed, comes back by itself, and loses no acknowledged write', async () => {
    const load = await startLoad()
    const back: number[] = []
    for (let round = 0; round < rounds; round++) {
      await mariadb.kill()
      await sleep(500)
      await mariadb.restart()
      back.push(await load.timeUntilServed(backWithin))
      await load.untilWritten(writesBetween)
    }
    await checkLoad(load, beside, 'MariaDB killed', back)
  })

  it('goes on without an error while Redis is killed and restarted', async () => {
    const load = await startLoad()
    const back: number[] = []
    for (let round = 0; round < rounds; round++) {
      await redis.kill()
      await sleep(500)
      await redis.restart()
      back.push(await load.timeUntilServed(backWithin))
      await load.untilWritten(writesBetween)
    }
    await checkLoad(load, beside, 'Redis killed', back)
  })

  it('loses no acknowledged write when one of the servers is killed', async () => {
    const load = await startLoad()
    const back: number[] = []
    for (let round = 0; round < rounds; round++) {
      const [victim, other] = servers
      if (!victim || !other) throw new Error('two servers')
      await victim.kill()
      servers = [await startGatewayProcess({ url }, { ...env, PORT: new URL(victim.url).port }), other]
      back.push(await load.timeUntilServed(backWithin))
      await load.untilWritten(writesBetween)
    }
    await checkLoad(load, beside, 'one of two servers killed', back)
  })
})

describe('one server on SQLite, under load', function () {
  this.timeout(60_000 * rounds)
  const database = { url: '' }
  let folder: string
  let beside: BesideConnection
  let server: GatewayProcess

  before(async () => {
    folder = makePrivateFolder('failures')
    database.url = `sqlite:${folder}/passport.db`
    beside = await connectBeside(database)
  })
  after(async () => {
    await server.stop()
    await beside.close()
    await removePrivateFolder(folder)
  })

  it('loses no acknowledged write when the server is killed', async () => {
    const app = await beside.addApp({ name: 'load' })
    server = await startGatewayProcess(database)
    const load = await startJournalLoad(beside.db, app, [server.url])
    await load.untilWritten(writesBetween)
    const back: number[] = []
    for (let round = 0; round < rounds; round++) {
      await server.kill()
      server = await startGatewayProcess(database, { PORT: new URL(server.url).port })
      back.push(await load.timeUntilServed(backWithin))
      await load.untilWritten(writesBetween)
    }
    await checkLoad(load, beside, 'the one server killed', back)
  })
})
