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
  const read = compileRead<Note, [from: number, before: string]>((db, from, before) => {
    built++
    return db('note').select('id', 'text').where('id', '>=', from).where('text', '<', before).orderBy('id')
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
    expect(await read.all(db, 2, 'zzz')).to.deep.equal([
      { id: 2, text: 'three' },
      { id: 3, text: 'two' },
    ])
    expect(await read.all(db, 1, 'p')).to.deep.equal([{ id: 1, text: 'one' }])
    expect(await read.all(db, 4, 'zzz')).to.deep.equal([])
  })

  it('takes bindings as values, whatever they hold', async () => {
    expect(await read.all(db, 1, "' OR 1=1 --")).to.deep.equal([])
  })

  it('has whole numbers that are always the same in its SQL, where each mark stands for a value', async () => {
    const seen: unknown[] = []
    const note = ({ bindings }: { bindings: unknown[] }) => void seen.push(bindings)
    const first = compileRead<Note, [text: string]>((db, text) =>
      db('note').select('id', 'text').where({ id: 1, text }),
    )
    const marked = compileRead<Note & { mark: string }, [text: string]>((db, text) =>
      db('note').select('id', 'text', db.raw("'?' as mark")).where({ id: 1, text }),
    )
    db.on('query', note)
    try {
      expect(await first.all(db, 'one')).to.deep.equal([{ id: 1, text: 'one' }])
      expect(await marked.all(db, 'one')).to.deep.equal([{ id: 1, text: 'one', mark: '?' }])
    } finally {
      db.removeListener('query', note)
    }
    expect(seen).to.deep.equal([['one'], [1, 'one']])
  })

  it('builds its SQL once per database, and keeps databases apart', async () => {
    const other = open(database)
    await read.all(db, 1, 'z')
    const before = built
    await read.all(db, 2, 'z')
    expect(built).to.equal(before)
    expect(await read.all(other, 3, 'zzz')).to.deep.equal([{ id: 3, text: 'two' }])
    expect(built).to.equal(before + 1)
    await other.destroy()
  })

  it('runs inside a transaction on the transaction, seeing what it has not committed yet', async () => {
    const row = { id: 9, text: 'nine' }
    await db
      .transaction(async (db) => {
        await db<Note>('note').insert(row)
        expect(await read.all(db, 9, 'z')).to.deep.equal([row])
        throw new RangeError('undo')
      })
      .catch((error: unknown) => expect(error).to.be.instanceOf(RangeError))
    expect(await read.all(db, 9, 'z')).to.deep.equal([])
  })

  it('answers many callers at once, and more than there are connections', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => read.all(db, (at % 3) + 1, 'zzz')),
    )
    expect(answers.map((rows) => rows.length)).to.deep.equal(
      Array.from({ length: 50 }, (_, at) => 3 - (at % 3)),
    )
  })

  it('gives its connection back when the statement fails', async () => {
    const broken = compileRead<Note, [id: number]>((db, id) =>
      db('no_such_table').select('id').where('id', id),
    )
    for (let count = 0; count < 5; count++) {
      const code = await broken.all(db, 1).then(
        () => expect.fail('should have failed'),
        (error: unknown) => (error as { code?: string }).code,
      )
      expect(code).to.be.oneOf(['ER_NO_SUCH_TABLE', 'SQLITE_ERROR'])
    }
    expect(await read.all(db, 3, 'zzz')).to.have.length(1)
  })

  it('sees rows that were written after its statement was made', async () => {
    await read.all(db, 7, 'z')
    await db<Note>('note').insert({ id: 7, text: 'seven' })
    expect(await read.all(db, 7, 'z')).to.deep.equal([{ id: 7, text: 'seven' }])
  })

  it('takes a mark wherever knex takes a value, in any order and more than once', async () => {
    const between = compileRead<Note, [low: number, high: number]>((db, low, high) =>
      db('note')
        .select('id', 'text')
        .where('id', '<=', high)
        .whereBetween('id', [low, high])
        .whereIn('id', [low, 3]),
    )
    expect(await between.all(db, 1, 3)).to.deep.equal([
      { id: 1, text: 'one' },
      { id: 3, text: 'two' },
    ])
  })

  it('names its columns, as a table may get another one', async () => {
    const all = compileRead<Note, [id: number]>((db, id) => db('note').where('id', id))
    const failure: unknown = await all.first(db, 1).catch((error: unknown) => error)
    expect(failure).to.be.instanceOf(Error).with.property('message', 'a compiled read names its columns')
  })

  it('does not wait for a transaction, and sees what is committed', async () => {
    const seen: (readonly Note[])[] = []
    await db.transaction(async (transaction) => {
      await transaction<Note>('note').insert({ id: 8, text: 'eight' })
      seen.push(await read.all(db, 8, 'f'))
    })
    seen.push(await read.all(db, 8, 'f'))
    expect(seen).to.deep.equal([[], [{ id: 8, text: 'eight' }]])
  })
})
