import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import { createServer, type Server, connect as dial, type AddressInfo } from 'node:net'
import type { HttpAnswer } from '../../fetch-answer.js'
import { duringGateway, startGateway, type TestGateway } from '../../harness.js'
import { requireProgram } from '../../servers/available.js'
import { type Mariadb, startMariadb } from '../../servers/mariadb.js'
import { useFolder } from '../../suite.js'

const busy = { status: 503, code: 999, retryAfter: '2' }

const settings = { DB_TIMEOUT: '2', NODE_ENV: 'development' }

const outline = ({ status, json, headers }: HttpAnswer) => ({
  status,
  code: json?.code,
  retryAfter: headers.get('retry-after'),
})

/** A write, whose answer is 200, and a read, whose answer is 10010: nobody has this number. */
const write = (gateway: TestGateway, mobile: string) =>
  gateway.call('web.passport.sendcode', { area: '86', mobile }, { app: null })
const read = (gateway: TestGateway) => gateway.call('web.passport.getUserHabits', { uid: '987654321' })

async function expectServing(gateway: TestGateway): Promise<void> {
  expect((await gateway.request('/readyz')).status, 'ready').to.equal(200)
  expect(outline(await read(gateway)).code).to.equal(10010)
}

/** How long it takes, in seconds. */
async function timed<Result>(work: Promise<Result>): Promise<[Result, number]> {
  const start = Date.now()
  return [await work, (Date.now() - start) / 1000]
}

/** Milliseconds until the gateway serves again by itself. */
async function untilServing(gateway: TestGateway): Promise<number> {
  const start = Date.now()
  while ((await gateway.request('/readyz')).status !== 200) {
    if (Date.now() - start > 20_000) expect.fail('the gateway did not come back')
    await sleep(100)
  }
  return Date.now() - start
}

/** Milliseconds until a write is done; each connection that was told otherwise is found out by a call of its own. */
async function untilWriting(gateway: TestGateway, nextMobile: () => string): Promise<number> {
  const start = Date.now()
  while ((await write(gateway, nextMobile())).json?.code !== 200) {
    if (Date.now() - start > 20_000) expect.fail('the gateway did not come back')
    await sleep(20)
  }
  return Date.now() - start
}

describe('a gateway whose MariaDB stands still or takes no writes', function () {
  this.timeout(180_000)
  let mariadb: Mariadb
  let url: string
  let gateway: TestGateway
  let mobiles = 13_800_000_000
  const nextMobile = () => String(++mobiles)

  before(async function () {
    requireProgram(this, 'mariadbd')
    mariadb = await startMariadb()
    url = await mariadb.createDatabase()
    // Not root, who may write whatever is read-only.
    await mariadb.run(
      "CREATE USER gate@'%' IDENTIFIED BY 'gate'; GRANT ALL ON *.* TO gate@'%'; REVOKE READ_ONLY ADMIN, SUPER ON *.* FROM gate@'%'",
    )
    gateway = await startGateway({ url: url.replace('root@', 'gate:gate@') }, settings)
  })
  after(async () => {
    await gateway?.close()
    await mariadb?.stop()
  })
  beforeEach(() => expectServing(gateway))

  it('answers 503 within DB_TIMEOUT while it stands still, says so on /readyz, and serves as soon as it goes on', async () => {
    // Connections that are in use and connections that are not are both there.
    await Promise.all(Array.from({ length: 10 }, () => read(gateway)))
    mariadb.pause()
    try {
      const calls = Array.from({ length: 40 }, () => timed(read(gateway)))
      const writes = Array.from({ length: 5 }, () => timed(write(gateway, nextMobile())))
      const [ready, seconds] = await timed(gateway.request('/readyz'))
      expect([ready.status, seconds < 3]).to.deep.equal([503, true])
      expect(ready.json).to.include({ database: false, reason: 'no answer' })
      for (const [answer, seconds] of await Promise.all([...calls, ...writes])) {
        expect(outline(answer)).to.deep.equal(busy)
        expect(seconds).to.be.below(8)
      }
    } finally {
      mariadb.resume()
    }
    expect(await untilServing(gateway)).to.be.below(8000)
    await expectServing(gateway)
    expect((await write(gateway, nextMobile())).json?.code).to.equal(200)
  })

  it('lets no statement that is slow by itself hold a call', async () => {
    const [error, seconds] = await timed(
      gateway.db.raw('SELECT sleep(30)').then(
        () => undefined,
        (error: unknown) => error,
      ),
    )
    expect(error).to.have.property('code', 'PROTOCOL_SEQUENCE_TIMEOUT')
    expect(seconds).to.be.within(1.5, 4)
  })

  const states = [
    ['read-only, as a replica (1290)', 'SET GLOBAL read_only = 1', 'SET GLOBAL read_only = 0'],
    ['read-only for every session (1792)', 'SET GLOBAL tx_read_only = 1', 'SET GLOBAL tx_read_only = 0'],
  ] as const
  for (const [title, begin, end] of states)
    it(`answers 503 while it is ${title}, and writes as soon as it may`, async () => {
      await mariadb.run(begin)
      // Sessions that were there before keep what they were told at their start.
      await mariadb.run(killOthers)
      await sleep(200)
      const ready = await gateway.request('/readyz')
      expect([ready.status, ready.json?.['reason']]).to.deep.equal([503, 'read-only'])
      expect(outline(await write(gateway, nextMobile()))).to.deep.equal(busy)
      await mariadb.run(end)
      expect(await untilWriting(gateway, nextMobile)).to.be.below(3000)
    })

  const limits = [
    [
      'connections of the user (1226)',
      "ALTER USER gate@'%' WITH MAX_USER_CONNECTIONS 1",
      'MAX_USER_CONNECTIONS 0',
    ],
    [
      'connections an hour (1226)',
      "ALTER USER gate@'%' WITH MAX_CONNECTIONS_PER_HOUR 1",
      'MAX_CONNECTIONS_PER_HOUR 0',
    ],
    [
      'statements an hour (1226)',
      "ALTER USER gate@'%' WITH MAX_QUERIES_PER_HOUR 3",
      'MAX_QUERIES_PER_HOUR 0',
    ],
    ['locked accounts (4151)', "ALTER USER gate@'%' ACCOUNT LOCK", 'ACCOUNT UNLOCK'],
  ] as const
  for (const [title, begin, end] of limits)
    it(`answers 503 at its limit of ${title}, and serves when that is lifted`, async () => {
      await mariadb.run(`${begin}; ${killOthers}`)
      await sleep(200)
      const answers = await Promise.all(Array.from({ length: 30 }, () => write(gateway, nextMobile())))
      const codes = new Set(answers.map((answer) => outline(answer).code))
      expect([...codes].filter((code) => code !== 999 && code !== 200)).to.deep.equal([])
      expect(codes.has(999)).to.equal(true)
      const lift = end.startsWith('ACCOUNT') ? end : `WITH ${end}`
      await mariadb.run(`ALTER USER gate@'%' ${lift}; FLUSH USER_RESOURCES`)
      expect(await untilWriting(gateway, nextMobile)).to.be.below(3000)
    })

  it('goes to the new primary at a fail-over, without a restart', async () => {
    const next = await startMariadb()
    const address = await startSwitch(mariadb.port)
    const nextUrl = await next.createDatabase()
    const name = new URL(url).pathname
    const moved = await startGateway({ url: `mysql://gate:gate@127.0.0.1:${address.port}${name}` }, settings)
    try {
      // What a replica would hold.
      const database = name.slice(1)
      await next.run(
        `CREATE DATABASE ${database}; CREATE USER gate@'%' IDENTIFIED BY 'gate'; GRANT ALL ON *.* TO gate@'%'`,
      )
      const other = await startGateway({ url: nextUrl.replace(/\/[^/]+$/, name) })
      await other.close()
      expect((await write(moved, nextMobile())).json?.code).to.equal(200)
      await mariadb.run('SET GLOBAL read_only = 1')
      address.lead(next.port)
      // The very call that is told so finds its way; idle connections go as they are found out.
      expect((await write(moved, nextMobile())).json?.code).to.equal(200)
      await untilServing(moved)
      const answers = await Promise.all(Array.from({ length: 30 }, () => write(moved, nextMobile())))
      const last = await write(moved, nextMobile())
      expect(answers.every(({ json }) => json?.code === 999 || json?.code === 200)).to.equal(true)
      expect(last.json?.code).to.equal(200)
    } finally {
      await mariadb.run('SET GLOBAL read_only = 0')
      await moved.close()
      await address.close()
      await next.stop()
    }
  })
})

/** Ends all connections but the one that says so. */
const killOthers = `BEGIN NOT ATOMIC
  DECLARE done INT DEFAULT 0;
  DECLARE other BIGINT;
  DECLARE others CURSOR FOR SELECT id FROM information_schema.processlist WHERE user = 'gate';
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1;
  DECLARE CONTINUE HANDLER FOR 1094 BEGIN END;
  OPEN others;
  each_one: LOOP
    FETCH others INTO other;
    IF done THEN LEAVE each_one; END IF;
    KILL CONNECTION other;
  END LOOP;
END`

interface Switch {
  readonly port: number
  /** Where new connections go from now on; those that are there stay where they are. */
  lead(port: number): void
  close(): Promise<void>
}

/** The address of a database, as a name or a proxy has it, which moves to another server at a fail-over. */
async function startSwitch(first: number): Promise<Switch> {
  let target = first
  const server: Server = createServer((client) => {
    const upstream = dial(target, '127.0.0.1')
    client.pipe(upstream).pipe(client)
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy())
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    lead: (port) => (target = port),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

describe('a gateway whose SQLite file takes no writes', () => {
  const folder = useFolder('states')

  it('answers 503 while it is read-only, and writes as soon as it may', async () => {
    const file = `${folder.path}/passport.db`
    await duringGateway({ url: `sqlite:${file}` }, settings, async (gateway) => {
      await gateway.db.raw('PRAGMA query_only = ON')
      expect((await gateway.request('/readyz')).status).to.equal(503)
      expect(outline(await write(gateway, '13912345678'))).to.deep.equal(busy)
      await gateway.db.raw('PRAGMA query_only = OFF')
      expect((await gateway.request('/readyz')).status).to.equal(200)
      expect((await write(gateway, '13912345678')).json?.code).to.equal(200)
    })
  })

  it('answers 503 while its disk is full', async () => {
    await duringGateway({ url: `sqlite:${folder.path}/full.db` }, settings, async (gateway) => {
      const { db } = gateway
      const pages: unknown = await db.raw('PRAGMA page_count')
      const [{ page_count }] = pages as [{ page_count: number }]
      await db.raw(`PRAGMA max_page_count = ${page_count}`)
      const answers: HttpAnswer[] = []
      for (let at = 0; at < 100; at++) answers.push(await write(gateway, String(13_900_000_000 + at)))
      const codes = new Set(answers.map(({ json }) => json?.code))
      expect([...codes]).to.have.members([200, 999])
      await db.raw('PRAGMA max_page_count = 1000000')
      expect((await write(gateway, '13912345679')).json?.code).to.equal(200)
    })
  })
})
