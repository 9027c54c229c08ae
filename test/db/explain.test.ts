import { expect } from 'chai'
import { describeTarget, explainDatabaseError } from '../../db/explain.js'
import { onEachDatabase } from '../servers/databases.js'
import { open } from './target.js'

onEachDatabase('what a database says', (database) => {
  const isMysql = database.kind === 'mysql'

  it('reaches the operator with statement and table, and without values', async () => {
    const db = open(database)
    const said = async (run: Promise<unknown>) =>
      explainDatabaseError(
        await run.then(
          () => expect.fail('was not refused'),
          (error: Error) => error,
        ),
      )
    const row = { name: `hush' for key 'x`, used: 1, resets_at: 1 }
    try {
      await db('usage_limit').insert(row)
      const taken = await said(Promise.resolve(db('usage_limit').insert(row)))
      expect(taken).to.match(
        isMysql ? /^Duplicate entry '…' for key 'PRIMARY'/ : /^UNIQUE constraint failed: usage_limit\.name/,
      )
      expect(taken).to.match(/\(insert, table usage_limit\)$/)
      const absent = await said(Promise.resolve(db('nowhere').select('hush').where({ name: 'hush' })))
      expect(absent)
        .to.match(/nowhere/)
        .and.match(/\(select, table nowhere\)$/)
      const wrong = await said(Promise.resolve(db.raw("selec 'hush', 'it''s hush'")))
      for (const text of [taken, wrong]) expect(text).to.not.include('hush')
    } finally {
      await db.destroy()
    }
  })
})

describe('where a database is', () => {
  it('is told without its password', () => {
    expect(describeTarget({ kind: 'mysql', url: 'mysql://shop:hush@db.example:3307/passport' })).to.equal(
      'host db.example, port 3307, user shop, database passport',
    )
    expect(describeTarget({ kind: 'sqlite', file: '/srv/passport.db' })).to.equal('file /srv/passport.db')
  })
})
