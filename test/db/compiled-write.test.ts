import { expect } from 'chai'
import type { Knex } from 'knex'
import { compileInsert, compileWrite, compileWrites } from '../../db/compiled-write.js'
import { transaction } from '../../db/transaction.js'
import { onEachEmptyDatabase } from '../servers/databases.js'
import { open } from './target.js'

interface Note {
  id: number
  text: string | null
}

onEachEmptyDatabase('a compiled write', (database) => {
  let db: Knex
  let built = 0
  const insert = compileWrite<[text: string | null]>((db, text) => {
    built++
    return db<Note>('note').insert({ text })
  })
  const change = compileWrite<[text: string, id: number]>((db, text, id) =>
    db<Note>('note').where({ id }).update({ text }),
  )
  const texts = () => db<Note>('note').orderBy('id').pluck('text')

  before(() => {
    db = open(database)
  })
  beforeEach(async () => {
    await db.schema.dropTableIfExists('note')
    await db.schema.createTable('note', (table) => {
      table.increments('id')
      table.string('text', 20).unique()
    })
  })
  after(() => db.destroy())

  it('tells the number of a new row, and how many rows there were to change', async () => {
    expect((await insert(db, 'one')).id).to.equal(1)
    expect((await insert(db, null)).id).to.equal(2)
    expect((await change(db, 'changed', 1)).rows).to.equal(1)
    expect((await change(db, 'changed', 9)).rows).to.equal(0)
    expect(await texts()).to.deep.equal(['changed', null])
  })

  it('builds its SQL once, whoever calls and where', async () => {
    const before = built
    await insert(db, 'one')
    await transaction({ db }, ({ db }) => insert(db, "two'; --"))
    expect(built - before).to.be.at.most(1)
    expect(await texts()).to.deep.equal(['one', "two'; --"])
  })

  it('takes a shape for each number of rows', async () => {
    const writes = compileWrites()
    const add = (...rows: string[]) =>
      writes(
        db,
        {
          key: `${rows.length}`,
          build: (mark) => db<Note>('note').insert(rows.map(() => ({ text: mark() }))),
        },
        rows,
      )
    await add('one', 'two')
    await add('three')
    await add('four', 'five')
    expect(await texts()).to.deep.equal(['one', 'two', 'three', 'four', 'five'])
  })

  it('inserts the columns that it is made for, of any row that has them', async () => {
    const add = compileInsert('note', ['id', 'text'])
    await add(db, { text: 'seven', id: 7 })
    await add(db, { id: 8, text: 'eight' })
    expect(await db<Note>('note').orderBy('id').select('id', 'text')).to.deep.equal([
      { id: 7, text: 'seven' },
      { id: 8, text: 'eight' },
    ])
  })

  it('is undone with its transaction, and says what the database says', async () => {
    await insert(db, 'one')
    const failed = await transaction({ db }, async ({ db }) => {
      await insert(db, 'two')
      await insert(db, 'one')
    }).catch((error: unknown) => error)
    expect(failed).to.have.property('code').that.is.oneOf(['ER_DUP_ENTRY', 'SQLITE_CONSTRAINT_UNIQUE'])
    expect(await texts()).to.deep.equal(['one'])
  })
})
