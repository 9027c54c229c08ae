import { expect } from 'chai'
import type { Knex } from 'knex'
import { writeUnsynced } from '../../db/unsynced-write.js'
import { onEachEmptyDatabase } from '../servers/databases.js'
import { open } from './target.js'

onEachEmptyDatabase('a write that a power cut may undo', (database) => {
  let db: Knex
  before(async () => {
    db = open(database, 3)
    await db.schema.createTable('note', (table) => table.integer('id').primary())
  })
  after(() => db.destroy())

  const write = (db: Knex, id: number) => writeUnsynced(db, (db) => db('note').insert({ id }))
  const ids = async () => (await db('note').orderBy('id').select('id')).map(({ id }) => id)

  /** What the writes that follow wait for. */
  async function expectSynced(): Promise<void> {
    if (database.kind === 'sqlite')
      expect(await db.raw('PRAGMA synchronous')).to.deep.equal([{ synchronous: 2 }])
  }

  it('is there for whoever reads next, and those that follow wait for the disk again', async () => {
    await write(db, 1)
    expect(await ids()).to.deep.equal([1])
    await expectSynced()
  })

  it('leaves the connection as it was when it fails', async () => {
    const error = await write(db, 1).catch((error: unknown) => error)
    expect(error).to.be.instanceOf(Error)
    await expectSynced()
    await write(db, 2)
    expect(await ids()).to.deep.equal([1, 2])
  })

  it('belongs to the transaction it is made in', async () => {
    const undone = db.transaction(async (db) => {
      await write(db, 3)
      throw new Error('undone')
    })
    expect(await undone.catch((error: unknown) => String(error))).to.equal('Error: undone')
    await db.transaction((db) => write(db, 4))
    expect(await ids()).to.deep.equal([1, 2, 4])
    await expectSynced()
  })

  it('waits for its turn among many', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, at) => write(db, 100 + at)))
    expect(await ids()).to.have.length(53)
    await expectSynced()
  })
})
