import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { Knex } from 'knex'
import { compileRead } from '../../db/compiled-read.js'
import { compileWrite } from '../../db/compiled-write.js'
import { isDuplicate, transaction } from '../../db/transaction.js'
import { isDatabaseError, isDatabaseUnavailable } from '../../db/unavailable.js'
import { onEachEmptyDatabase, onEmptyMariadb } from '../servers/databases.js'
import { open } from './target.js'

interface Note {
  id: number
  text: string
}

const failure = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => expect.fail('should have failed'),
    (error: unknown) => error,
  )

const readTexts = compileRead<Note, []>((db) => db('note').select('id', 'text'))
const writeText = compileWrite<[text: string]>((db, text) => db('note').update({ text }))

const databaseError = (code: string) => Object.assign(new Error(code), { code })

onEachEmptyDatabase('a transaction', (database) => {
  let db: Knex
  const notes = (db: Knex) => db<Note>('note')
  const texts = () => notes(db).orderBy('id').pluck('text')

  before(async () => {
    db = open(database)
    await db.schema.createTable('note', (table) => {
      table.integer('id').primary()
      table.string('text', 20).unique()
    })
  })
  beforeEach(async () => {
    await notes(db).delete()
    await notes(db).insert([
      { id: 1, text: 'one' },
      { id: 2, text: 'two' },
    ])
  })
  after(() => db.destroy())

  it('commits what it did and answers what the work answers', async () => {
    const answer = await transaction({ db }, async ({ db }) => {
      await notes(db).where({ id: 1 }).update({ text: 'changed' })
      return 'done'
    })
    expect([answer, await texts()]).to.deep.equal(['done', ['changed', 'two']])
  })

  it('undoes everything when the work throws, and throws that', async () => {
    let runs = 0
    const thrown = await failure(
      transaction({ db }, async ({ db }) => {
        runs++
        await notes(db).delete()
        throw new RangeError('no')
      }),
    )
    expect(thrown).to.be.instanceOf(RangeError)
    expect([runs, await texts()]).to.deep.equal([1, ['one', 'two']])
  })

  it('takes no statement after its end, however it is made', async () => {
    let ended: Knex | undefined
    await transaction({ db }, async ({ db }) => {
      ended = db
      await notes(db).where({ id: 1 }).update({ text: 'changed' })
    })
    if (!ended) throw new Error('it ran')
    const late = ended
    const statements = [
      () => notes(late).where({ id: 1 }).update({ text: 'late' }),
      () => late.raw('DELETE FROM note'),
      () => readTexts.all(late),
      () => writeText(late, 'late'),
    ]
    for (const statement of statements)
      expect(await failure(statement())).to.have.property('message', 'the transaction has ended')
    // Its connection is lent again to whoever comes next.
    expect(await texts()).to.deep.equal(['changed', 'two'])
  })

  it('that failed leaves nothing of what went on beside to the next one', async () => {
    const beside: Promise<unknown>[] = []
    const thrown = await failure(
      transaction({ db }, async ({ db }) => {
        await Promise.all([
          failure(db.raw('SELECT * FROM no_such_table')).then((error) => Promise.reject(error)),
          ...[1, 2].map((id) => {
            const steps = (async () => {
              for (;;)
                await notes(db)
                  .where({ id })
                  .update({ text: `late ${id}` })
            })()
            beside.push(failure(steps))
            return steps
          }),
        ])
      }),
    )
    expect(isDatabaseError(thrown)).to.equal(true)
    await transaction({ db }, ({ db }) => notes(db).insert({ id: 3, text: 'three' }))
    await Promise.all(beside)
    expect(await texts()).to.deep.equal(['one', 'two', 'three'])
  })

  it('is not opened within another', async () => {
    const thrown = await failure(
      transaction({ db }, ({ db }) => transaction({ db }, () => Promise.resolve())),
    )
    expect(thrown).to.have.property('message', 'a transaction is open already')
  })

  for (const code of ['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_CHECKREAD', 'SQLITE_BUSY']) {
    it(`runs again after ${code}, without what was undone`, async () => {
      let runs = 0
      await transaction({ db }, async ({ db }) => {
        await notes(db).insert({ id: 3, text: 'three' })
        if (++runs < 3) throw databaseError(code)
      })
      expect([runs, await texts()]).to.deep.equal([3, ['one', 'two', 'three']])
    })
  }

  it('gives up after twelve times', async () => {
    let runs = 0
    const thrown = await failure(
      transaction({ db }, () => {
        runs++
        return Promise.reject(databaseError('SQLITE_BUSY'))
      }),
    )
    expect(runs).to.equal(12)
    expect(isDatabaseUnavailable(thrown)).to.equal(true)
  })

  it('tells a key that exists already from other refusals', async () => {
    expect(isDuplicate(await failure(notes(db).insert({ id: 1, text: 'new' })))).to.equal(true)
    expect(isDuplicate(await failure(notes(db).insert({ id: 3, text: 'two' })))).to.equal(true)
    const other = await failure(db.raw('SELECT * FROM no_such_table'))
    expect([isDuplicate(other), isDatabaseError(other), isDatabaseUnavailable(other)]).to.deep.equal([
      false,
      true,
      false,
    ])
    expect([
      isDuplicate(new Error('no')),
      isDuplicate('ER_DUP_ENTRY'),
      isDatabaseError(undefined),
    ]).to.deep.equal([false, false, false])
  })

  it('survives that another one wants the same rows in the other order', async function () {
    if (database.kind === 'sqlite') return expectWaiting(db, open(database), texts)
    let bothHoldTheirFirst = 0
    let go = () => {}
    const meeting = new Promise<void>((resolve) => (go = resolve))
    let runs = 0
    const swap = (first: number, second: number) =>
      transaction({ db }, async ({ db }) => {
        runs++
        await notes(db)
          .where({ id: first })
          .update({ text: `${first} of ${first}` })
        if (++bothHoldTheirFirst === 2) go()
        await meeting
        await notes(db)
          .where({ id: second })
          .update({ text: `${second} of ${first}` })
      })
    await Promise.all([swap(1, 2), swap(2, 1)])
    // One of the two was the deadlock's victim and ran again, after the other.
    expect(runs).to.equal(3)
    expect([
      ['1 of 1', '2 of 1'],
      ['1 of 2', '2 of 2'],
    ]).to.deep.include(await texts())
  })
})

// SQLite locks as a whole, and waits.
onEmptyMariadb('a statement outside of all transactions', (database) => {
  let db: Knex
  const updateAll = compileWrite<[text: string]>((db, text) => db('note').update({ text }))
  const ways = {
    'of the builder': (db: Knex) => db<Note>('note').update({ text: 'all' }),
    'that is raw': (db: Knex) => db.raw('update note set text = ?', ['all']),
    'that is built once': (db: Knex) => updateAll(db, 'all'),
  }

  before(async () => {
    db = open(database)
    await db.schema.createTable('note', (table) => {
      table.integer('id').primary()
      table.string('text', 20)
    })
    await db('note').insert(Array.from({ length: 20 }, (_, at) => ({ id: at + 1, text: '' })))
  })
  after(() => db.destroy())

  for (const [way, write] of Object.entries(ways))
    it(`${way} runs again when it was a deadlock's victim`, async () => {
      let late: Promise<unknown> | undefined
      let runs = 0
      const count = ({ sql }: { sql: string }) => {
        if (/^update `?note`? set `?text`? = \?$/i.test(sql)) runs++
      }
      await transaction({ db }, async ({ db: inner }) => {
        // It has changed more: the other one is the victim.
        await inner('note').where('id', '>', 5).update({ text: 'many' })
        db.on('query', count)
        // A builder runs once it is waited for.
        late = Promise.resolve(write(db))
        await untilWaiting(db)
        await inner('note').where('id', '<=', 5).update({ text: 'few' })
      })
      await late
      db.removeListener('query', count)
      expect(await db('note').distinct().pluck('text')).to.deep.equal(['all'])
      expect(runs).to.be.greaterThan(1)
    })
})

/** Until a statement waits for another's lock. */
async function untilWaiting(db: Knex): Promise<void> {
  for (;;) {
    // The table is made anew only when nobody has looked for a tenth of a second, be it another test.
    await sleep(150)
    const [rows] = await db.raw(
      "select trx_id from information_schema.innodb_trx where trx_state = 'LOCK WAIT'",
    )
    if (rows.length > 0) return
  }
}

/** SQLite locks as a whole: a second process is told BUSY when its patience ends, and tries again. */
async function expectWaiting(db: Knex, other: Knex, texts: () => Promise<string[]>): Promise<void> {
  await other.raw('PRAGMA busy_timeout = 0')
  const refused = new Promise<void>((resolve) => {
    other.client.on('query-error', () => resolve())
  })
  let late: Promise<void> | undefined
  await transaction({ db }, async ({ db }) => {
    await db<Note>('note').where({ id: 1 }).update({ text: 'first' })
    late = transaction({ db: other }, async ({ db }) => {
      await db<Note>('note').where({ id: 1, text: 'first' }).update({ text: 'second' })
    })
    await refused
  })
  await late
  expect(await texts()).to.deep.equal(['second', 'two'])
  await other.destroy()
}
