import { expect } from 'chai'
import type { Knex } from 'knex'
import { setTimeout as sleep } from 'node:timers/promises'
import { databaseOf } from '../../../config/urls/database-url.js'
import { connect, limitStatements, onServerChange } from '../../../db/connect.js'
import { migrate } from '../../../db/migrate.js'
import { transaction } from '../../../db/transaction.js'
import { requireProgram } from '../../servers/available.js'
import { type Mariadb, startMariadb } from '../../servers/mariadb.js'
import { freePort } from '../../servers/processes/process.js'

/** As long as a process may stay away from a server that takes writes again. */
const backWithin = 8000
const name = 'passport'

// Two servers of their own, though each with other data, tell by their ports which one was asked.
describe('a database of two servers', function () {
  this.timeout(120_000)
  let first: Mariadb
  let second: Mariadb
  let db: Knex
  let changes: string[]

  before(async function () {
    requireProgram(this, 'mariadbd')
    ;[first, second] = await Promise.all([startMariadb(), startMariadb()])
    for (const server of [first, second]) {
      await server.run(`CREATE DATABASE ${name}`)
      // Not root, who may write whatever is read-only.
      await server.run(
        "CREATE USER gate@'%' IDENTIFIED BY 'p@ss'; GRANT ALL ON *.* TO gate@'%'; REVOKE READ_ONLY ADMIN, SUPER ON *.* FROM gate@'%'",
      )
      const own = connect(databaseOf(urlOf(server.port)))
      await migrate(own)
      await own.destroy()
    }
  })
  after(async () => {
    await first?.stop()
    await second?.stop()
  })
  beforeEach(() => {
    db = connect(databaseOf(urlOf(first.port, second.port)), { poolSize: 5 })
    limitStatements(db, 2000)
    changes = []
    onServerChange(db, (host) => changes.push(host))
  })
  afterEach(async () => {
    first.resume()
    await db.destroy()
  })

  const urlOf = (...ports: number[]) =>
    `mysql://gate:p%40ss@${ports.map((port) => `127.0.0.1:${port}`).join()}/${name}`

  async function portOf(db: Knex): Promise<number> {
    const [[row]] = (await db.raw('SELECT @@port AS port, SLEEP(0.05)')) as [[{ port: number }]]
    return row.port
  }

  /** The ports of as many statements at once as there are connections; 0 for one that failed. */
  const ports = () => Promise.all(Array.from({ length: 5 }, () => portOf(db).catch(() => 0)))
  const all = (port: number) => Array.from({ length: 5 }, () => port)

  async function untilAll(port: number, milliseconds: number): Promise<number> {
    const start = Date.now()
    while ((await ports()).some((found) => found !== port)) {
      if (Date.now() - start > milliseconds) expect.fail(`not all statements went to ${port}`)
      await sleep(50)
    }
    return Date.now() - start
  }

  it('uses the first one alone', async () => {
    for (let round = 0; round < 3; round++) expect(await ports()).to.deep.equal(all(first.port))
    expect(changes).to.deep.equal([])
  })

  it('goes to the second when the first is gone, and back when it takes writes again', async () => {
    await ports()
    await first.kill()
    await untilAll(second.port, 8000)
    await first.restart()
    await untilAll(first.port, backWithin)
    expect(changes).to.deep.equal([`127.0.0.1:${second.port}`, `127.0.0.1:${first.port}`])
  })

  it('goes to the second while the first only reads, without a statement lost that was not under way', async () => {
    await ports()
    await first.run('SET GLOBAL read_only = 1')
    const write = () => transaction({ db }, ({ db }) => db('gateway_migration_lease').update({ holder: '' }))
    await write().catch(() => {})
    await untilAll(second.port, 8000)
    await write()
    await sleep(6000)
    expect(await ports()).to.deep.equal(all(second.port))
    await first.run('SET GLOBAL read_only = 0')
    await untilAll(first.port, backWithin)
  })

  it('begins with the second where the first stands still, and waits for it only once', async () => {
    first.pause()
    try {
      const start = Date.now()
      expect(await ports()).to.deep.equal(all(second.port))
      expect(Date.now() - start).to.be.below(4500)
      const again = Date.now()
      expect(await ports()).to.deep.equal(all(second.port))
      expect(Date.now() - again).to.be.below(1400)
    } finally {
      first.resume()
    }
    await untilAll(first.port, backWithin)
  })

  it('says of none what the one said that answered', async () => {
    await second.run('SET GLOBAL read_only = 1')
    const none = connect(databaseOf(urlOf(await freePort(), second.port)))
    try {
      const error: unknown = await none.raw('SELECT 1').then(
        () => expect.fail('was taken'),
        (error: unknown) => error,
      )
      expect(error).to.include({ code: 'ER_OPTION_PREVENTS_STATEMENT', whileConnecting: true })
    } finally {
      await none.destroy()
      await second.run('SET GLOBAL read_only = 0')
    }
  })
})
