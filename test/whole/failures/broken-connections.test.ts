import { expect } from 'chai'
import type { Knex } from 'knex'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, limitStatements } from '../../../db/connect.js'
import { compileRead } from '../../../db/compiled-read.js'
import { transaction } from '../../../db/transaction.js'
import { onEmptyMariadb } from '../../servers/databases.js'

const readNumber = compileRead<{ number: number }, []>((db) => db('number').select('number'))

onEmptyMariadb('work whose connection breaks', (database) => {
  let db: Knex
  let other: Knex
  before(async () => {
    const target = { kind: 'mysql', url: database.url } as const
    db = connect(target, { poolSize: 1, followsFailOver: true })
    limitStatements(db, 5000)
    other = connect(target)
    await other.raw('CREATE TABLE number (number INT)')
  })
  beforeEach(async () => {
    await other('number').delete()
    await other('number').insert({ number: 7 })
  })
  after(() => Promise.all([db, other].map((pool) => pool?.destroy())))

  const idOf = async (db: Knex): Promise<number> => {
    const [[{ id }]] = (await db.raw('SELECT connection_id() AS id')) as [[{ id: number }]]
    return id
  }
  const cutOff = async (id: number) => other.raw(`KILL CONNECTION ${id}`)

  it('is begun anew where it is a transaction that has not come to its commit, and is done once', async () => {
    let attempts = 0
    await transaction({ db }, async ({ db }) => {
      attempts++
      await db('number').insert({ number: 8 })
      if (attempts === 1) await cutOff(await idOf(db))
      await db('number').insert({ number: 9 })
    })
    expect(attempts).to.equal(2)
    expect(await other('number').orderBy('number').pluck('number')).to.deep.equal([7, 8, 9])
  })

  it('is not begun anew where the commit was not answered', async () => {
    let attempts = 0
    const error = await transaction(
      { db, beforeCommit: async ({ db }) => cutOff(await idOf(db)) },
      async ({ db }) => {
        attempts++
        await db('number').insert({ number: 8 })
      },
    ).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(attempts).to.equal(1)
    expect(error).to.be.instanceOf(Error)
  })

  it('is done again where it only reads', async () => {
    await cutOff(await idOf(db))
    expect(await db('number').pluck('number')).to.deep.equal([7])
    await cutOff(await idOf(db))
    expect(await db('number').first('number')).to.deep.equal({ number: 7 })
    await cutOff(await idOf(db))
    expect(await readNumber.all(db)).to.deep.equal([{ number: 7 }])
  })

  it('is done again however long it had waited for a server that stood still', async () => {
    await other('number').update({ number: 4 })
    const reading = db('number')
      .select(db.raw('sleep(number) AS waited'))
      .then((rows: unknown) => rows)
    const id = await waitForStatement(other, 'select sleep(number)%')
    await sleep(2200)
    await other('number').update({ number: 0 })
    await cutOff(id)
    expect(await reading).to.deep.equal([{ waited: 0 }])
  })

  it('is not done again where it writes by itself and nobody knows whether it has', async () => {
    const slow = db.raw('INSERT INTO number SELECT 8 + sleep(0.5)')
    const failed = slow.then(
      () => undefined,
      (error: unknown) => error,
    )
    await cutOff(await waitForStatement(other, 'INSERT INTO number SELECT 8%'))
    expect(await failed).to.be.instanceOf(Error)
    expect(await other('number').pluck('number')).to.deep.equal([7])
  })
})

/** The connection on which a statement runs that is like `pattern`; waits until there is one. */
async function waitForStatement(db: Knex, pattern: string): Promise<number> {
  const sql = 'SELECT id FROM information_schema.processlist WHERE info LIKE ?'
  for (;;) {
    const [[found]] = (await db.raw(sql, [pattern])) as [[{ id: number } | undefined]]
    if (found) return found.id
  }
}
