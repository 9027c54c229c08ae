import { expect } from 'chai'
import type { Knex } from 'knex'
import { compileRead } from '../../db/compiled-read.js'
import { onEachEmptyDatabase } from '../servers/databases.js'
import { open } from './target.js'

interface Note {
  id: number
  text: string
}

onEachEmptyDatabase('a compiled read', (database) => {
  let db: Knex
  let built = 0
  const read = compileRead<Note>((db) => {
    built++
    return db('note')
      .select('id', 'text')
      .where('id', '>=', db.raw('?'))
      .where('text', '<', db.raw('?'))
      .orderBy('id')
  })

  before(async () => {
    db = open(database, 3)
    await db.schema.createTable('note', (table) => {
      table.integer('id').primary()
      table.string('text', 20)
    })
    await db<Note>('note').insert([
      { id: 1, text: 'one' },
      { id: 2, text: 'three' },
      { id: 3, text: 'two' },
    ])
  })
  after(() => db.destroy())

  it('answers the rows that fit the bindings, and none where none fit', async () => {
    expect(await read.all(db, [2, 'zzz'])).to.deep.equal([
      { id: 2, text: 'three' },
      { id: 3, text: 'two' },
    ])
    expect(await read.all(db, [1, 'p'])).to.deep.equal([{ id: 1, text: 'one' }])
    expect(await read.all(db, [4, 'zzz'])).to.deep.equal([])
  })

  it('takes bindings as values, whatever they hold', async () => {
    expect(await read.all(db, [1, "' OR 1=1 --"])).to.deep.equal([])
  })

  it('builds its SQL once per database, and keeps databases apart', async () => {
    const other = open(database)
    await read.all(db, [1, 'z'])
    const before = built
    await read.all(db, [2, 'z'])
    expect(built).to.equal(before)
    expect(await read.all(other, [3, 'zzz'])).to.deep.equal([{ id: 3, text: 'two' }])
    expect(built).to.equal(before + 1)
    await other.destroy()
  })

  it('runs inside a transaction on the transaction, seeing what it has not committed yet', async () => {
    const row = { id: 9, text: 'nine' }
    await db
      .transaction(async (db) => {
        await db<Note>('note').insert(row)
        expect(await read.all(db, [9, 'z'])).to.deep.equal([row])
        throw new RangeError('undo')
      })
      .catch((error: unknown) => expect(error).to.be.instanceOf(RangeError))
    expect(await read.all(db, [9, 'z'])).to.deep.equal([])
  })

  it('answers many callers at once, and more than there are connections', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => read.all(db, [(at % 3) + 1, 'zzz'])),
    )
    expect(answers.map((rows) => rows.length)).to.deep.equal(
      Array.from({ length: 50 }, (_, at) => 3 - (at % 3)),
    )
  })

  it('gives its connection back when the statement fails', async () => {
    const broken = compileRead<Note>((db) => db('no_such_table').where('id', db.raw('?')))
    for (let count = 0; count < 5; count++) {
      const code = await broken.all(db, [1]).then(
        () => expect.fail('should have failed'),
        (error: unknown) => (error as { code?: string }).code,
      )
      expect(code).to.be.oneOf(['ER_NO_SUCH_TABLE', 'SQLITE_ERROR'])
    }
    expect(await read.all(db, [3, 'zzz'])).to.have.length(1)
  })

  it('sees rows that were written after its statement was made', async () => {
    await read.all(db, [7, 'z'])
    await db<Note>('note').insert({ id: 7, text: 'seven' })
    expect(await read.all(db, [7, 'z'])).to.deep.equal([{ id: 7, text: 'seven' }])
  })
})
