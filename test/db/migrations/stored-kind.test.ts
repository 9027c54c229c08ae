import { expect } from 'chai'
import type { Knex } from 'knex'
import { migrate } from '../../../db/migrate.js'
import { up } from '../../../db/migrations/0035-stored-kind.js'
import { isDuplicate } from '../../../db/transaction.js'
import { onEachEmptyDatabase } from '../../servers/databases.js'
import { open } from '../target.js'

/** As the version before had it. */
const computedKind = `
  ALTER TABLE user_identity
    DROP INDEX user_identity_user_id_only_kind_unique,
    DROP COLUMN only_kind,
    ADD COLUMN only_kind VARCHAR(16)
      GENERATED ALWAYS AS (CASE WHEN kind IN ('mobile', 'email') THEN kind END) VIRTUAL,
    ADD UNIQUE user_identity_user_id_only_kind_unique (user_id, only_kind)`

onEachEmptyDatabase('the one number and the one e-mail of a user', (database) => {
  let db: Knex
  const identity = (kind: 'mobile' | 'email' | 'wechat', value: string) => ({
    kind,
    value,
    user_id: 1,
    verified_at: null,
    created_at: 0,
  })
  const add = (...row: Parameters<typeof identity>) =>
    db
      .table('user_identity')
      .insert(identity(...row))
      .then(
        () => 'added',
        (error: unknown) => (isDuplicate(error) ? 'refused' : String(error)),
      )
  const extraOfKind = async () =>
    (
      await db('information_schema.columns')
        .whereRaw('table_schema = database()')
        .where({ table_name: 'user_identity', column_name: 'only_kind' })
        .first({ extra: 'extra' })
    )?.extra

  before(async () => {
    db = open(database)
    await migrate(db)
  })
  after(() => db.destroy())

  it('are kept by the key, beside any number of other identities', async () => {
    if (database.kind === 'mysql') {
      await db.raw(computedKind)
      expect(await add('mobile', '+8613900000001')).to.equal('added')
      expect(await extraOfKind()).to.equal('VIRTUAL GENERATED')
      await up(db)
      expect(await extraOfKind()).to.equal('STORED GENERATED')
    } else expect(await add('mobile', '+8613900000001')).to.equal('added')
    expect(await add('mobile', '+8613900000002')).to.equal('refused')
    expect(await add('email', 'a@example.com')).to.equal('added')
    expect(await add('email', 'b@example.com')).to.equal('refused')
    expect([await add('wechat', 'wx1 a'), await add('wechat', 'wx2 b')]).to.deep.equal(['added', 'added'])
  })

  it('are left alone where that was done', async () => {
    await up(db)
    expect(await db.table('user_identity').pluck('kind')).to.have.length(4)
  })
})
