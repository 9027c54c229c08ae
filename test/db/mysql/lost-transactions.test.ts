import { expect } from 'chai'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection } from 'mysql2'
import { runStatement } from '../../../db/mysql-client.js'
import {
  type MysqlConnection,
  mostPreparedStatements,
  watchTransactions,
} from '../../../db/mysql-connection.js'
import { requireProgram } from '../../servers/available.js'
import { type Mariadb, startMariadb } from '../../servers/mariadb.js'

describe('a transaction that its server has ended in silence', () => {
  let mariadb: Mariadb
  let driver: ReturnType<typeof createConnection>
  let connection: MysqlConnection

  before(async function () {
    requireProgram(this, 'mariadbd')
    mariadb = await startMariadb()
  })
  after(() => mariadb?.stop())
  beforeEach(async () => {
    const uri = await mariadb.createDatabase('CREATE TABLE kept (id INT PRIMARY KEY)')
    driver = createConnection({ uri, maxPreparedStatements: mostPreparedStatements })
    await once(driver, 'connect')
    connection = driver as unknown as MysqlConnection
    watchTransactions(connection)
  })
  afterEach(() => driver.destroy())

  const run = (sql: string, ...bindings: unknown[]) => runStatement(connection, { sql, bindings })
  const codeOf = (running: Promise<unknown>) =>
    running.then(
      () => undefined,
      (error: unknown) => (error as { readonly code: string }).code,
    )
  /** What the server does by itself, beside all that is sent. */
  const endInSilence = () => driver.promise().query('ROLLBACK')
  const kept = async () => {
    const [rows] = await driver.promise().query('SELECT id FROM kept ORDER BY id')
    return (rows as { readonly id: number }[]).map(({ id }) => id)
  }
  const insert = (id: number, form = 'INSERT INTO kept VALUES (?)') => run(form, id)

  it('is found out when a statement is prepared in it, which is not done', async () => {
    await run('BEGIN;')
    await insert(1)
    await endInSilence()
    expect(await codeOf(insert(2, 'INSERT INTO kept (id) VALUES (?)'))).to.equal('ER_LOCK_DEADLOCK')
    await run('ROLLBACK')
    expect(await kept()).to.deep.equal([])
  })

  it('is begun anew on the same connection', async () => {
    await run('BEGIN;')
    await endInSilence()
    await codeOf(insert(1))
    await run('ROLLBACK')
    await run('BEGIN;')
    await insert(1)
    await run('COMMIT;')
    expect(await kept()).to.deep.equal([1])
  })

  it('is asked for once for each statement of a connection, and for none outside a transaction', async () => {
    const asked = async () => {
      const [rows] = await driver.promise().query("SHOW SESSION STATUS LIKE 'Com_do'")
      return Number((rows as { readonly Value: string }[])[0]?.Value)
    }
    await insert(1)
    expect(await asked()).to.equal(0)
    for (const id of [2, 3]) {
      await run('BEGIN;')
      await insert(id)
      await run('DELETE FROM kept WHERE id = ?', id)
      await run('COMMIT;')
    }
    expect(await asked()).to.equal(1)
    // By then the driver has forgotten the first ones.
    for (let at = 0; at < mostPreparedStatements; at++) await run(`SELECT ? + ${at}`, at)
    await run('BEGIN;')
    await insert(4)
    await run('COMMIT;')
    expect(await asked()).to.equal(2)
  })

  it('is not looked for after a beginning that the server has refused', async () => {
    expect(await codeOf(run('BEGIN nothing'))).to.equal('ER_PARSE_ERROR')
    await insert(1)
    expect(await kept()).to.deep.equal([1])
  })

  it('refuses values that the driver does not take, and leaves the connection to who comes next', async () => {
    const limit = { milliseconds: 100 }
    const sql = 'INSERT INTO kept VALUES (?)'
    await run('BEGIN;')
    for (const round of ['prepared', 'kept']) {
      const failed: unknown = await runStatement(connection, { sql, bindings: [undefined] }, limit).catch(
        (error: unknown) => error,
      )
      expect(failed, round).to.be.instanceOf(TypeError)
    }
    await run('ROLLBACK')
    await sleep(150)
    await insert(1)
    expect(await kept()).to.deep.equal([1])
  })

  it('tells what is wrong with a statement as it does elsewhere', async () => {
    await run('BEGIN;')
    expect(await codeOf(run('SELECT ? FROM nowhere', 1))).to.equal('ER_NO_SUCH_TABLE')
    expect(await codeOf(insert(1))).to.equal(undefined)
    expect(await codeOf(insert(1))).to.equal('ER_DUP_ENTRY')
    await run('COMMIT;')
    expect(await kept()).to.deep.equal([1])
  })
})
