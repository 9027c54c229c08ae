import { expect } from 'chai'
import type { Knex } from 'knex'
import { once } from 'node:events'
import { connect as connectTo, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { databaseOf } from '../../../config/urls/database-url.js'
import { connect } from '../../../db/connect.js'
import { atPort } from '../../servers/cluster/galera.js'
import type { MysqlConnection } from '../../../db/mysql-connection.js'
import { transaction } from '../../../db/transaction.js'
import { requireProgram } from '../../servers/available.js'
import { type Mariadb, startMariadb } from '../../servers/mariadb.js'
import { freePort } from '../../servers/processes/process.js'

/** Passes all on to a server until it is gone without a word, as a machine that has lost its power. */
class Way {
  readonly #server: Server
  readonly #clients = new Set<Socket>()
  #isGone = false

  constructor(to: number) {
    this.#server = createServer((client) => {
      this.#clients.add(client)
      client.on('close', () => this.#clients.delete(client)).on('error', () => {})
      const server = connectTo(to, '127.0.0.1').on('error', () => {})
      client.on('data', (data) => this.#isGone || server.write(data))
      server.on('data', (data) => this.#isGone || client.write(data))
      client.on('end', () => this.#isGone || server.end())
      server.on('end', () => this.#isGone || client.end())
    })
  }

  async listen(): Promise<number> {
    const port = await freePort()
    await once(this.#server.listen(port, '127.0.0.1'), 'listening')
    return port
  }

  vanish(): void {
    this.#isGone = true
  }

  /** Connections that their client has not given up. */
  get open(): number {
    return this.#clients.size
  }

  close(): void {
    this.#server.close()
    for (const client of this.#clients) client.destroy()
  }
}

describe('a connection whose server is gone without a word', () => {
  let mariadb: Mariadb
  let url: string
  let way: Way
  let db: Knex

  before(async function () {
    requireProgram(this, 'mariadbd')
    mariadb = await startMariadb()
    url = await mariadb.createDatabase('CREATE TABLE note (id INT PRIMARY KEY, text VARCHAR(50))')
  })
  after(() => mariadb?.stop())
  beforeEach(async () => {
    way = new Way(mariadb.port)
    db = connect(databaseOf(atPort(url, await way.listen())))
    await db.raw('SELECT 1')
  })
  afterEach(async () => {
    await db.destroy()
    way.close()
  })

  it('is let go of when its time is over, whatever the server says', async function () {
    this.timeout(5000)
    expect(way.open).to.equal(1)
    way.vanish()
    await db.destroy()
    while (way.open > 0) await sleep(20)
  })

  it('ends nobody when the system finds out, a quarter of an hour after the connection was given up', async () => {
    const { client } = db as { client: PoolClient }
    const connection = await client.acquireConnection()
    way.vanish()
    await client.destroyRawConnection(connection)
    await sleep(20)
    const found = Object.assign(new Error('read ETIMEDOUT'), { code: 'ETIMEDOUT' })
    // Without anybody who hears of it this would end the process.
    connection.stream.destroy(found)
    await sleep(20)
    expect(connection.__knex__disposed).to.equal(found)
    await client.releaseConnection(connection)
  })

  it('is not what an error tells whose statement has such words among its values', async () => {
    let tries = 0
    const text = 'Connection lost: connection is in closed state'
    const failing = transaction({ db }, ({ db }) => {
      tries++
      return db('note').insert({ id: 1, text, missing: 1 })
    })
    expect(await failing.catch((error: unknown) => error)).to.have.property('code', 'ER_BAD_FIELD_ERROR')
    expect(tries).to.equal(1)
  })
})

/** Of knex, which publishes no types for it. */
interface PoolClient {
  acquireConnection(): Promise<MysqlConnection & { readonly stream: Socket }>
  releaseConnection(connection: MysqlConnection): Promise<void>
  destroyRawConnection(connection: MysqlConnection): Promise<void>
}
