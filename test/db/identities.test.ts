import { expect } from 'chai'
import type { Knex } from 'knex'
import { type IdentityKind, verifyIdentity } from '../../db/identities.js'
import { migrate } from '../../db/migrate.js'
import { isDuplicate } from '../../db/transaction.js'
import { onEachDatabase } from '../servers/databases.js'
import { open } from './target.js'

onEachDatabase('identities', (database) => {
  let db: Knex
  before(async () => {
    db = open(database)
    await migrate(db)
  })
  beforeEach(() => db('user_identity').delete())
  after(() => db.destroy())

  const insert = (kind: IdentityKind, value: string, user_id: number) =>
    db('user_identity').insert({ kind, value, user_id, verified_at: 1, created_at: 1 })
  const isRefused = (inserting: Promise<unknown>): Promise<boolean> =>
    inserting.then(() => false, isDuplicate)

  it('belong to one user each, letter case told apart', async () => {
    for (const [kind, value] of [
      ['wechat', 'wx1:oAbC'],
      ['wechat-union', 'uAbC'],
      ['mobile', '+8613912345678'],
    ] as const) {
      await insert(kind, value, 10002)
      expect(await isRefused(insert(kind, value, 10003)), kind).to.equal(true)
    }
    await insert('wechat', 'wx1:oabc', 10003)
  })

  it('are one number and one e-mail of a user, but several of WeChat', async () => {
    await insert('mobile', '+8613912345678', 10002)
    await insert('email', 'a@example.com', 10002)
    expect(await isRefused(insert('mobile', '+8613912345679', 10002))).to.equal(true)
    expect(await isRefused(insert('email', 'b@example.com', 10002))).to.equal(true)
    for (const value of ['wx1:o1', 'wx2:o1', 'wx3:o1']) await insert('wechat', value, 10002)
  })

  it('stay one number when a user proves two at the same time', async () => {
    const prove = (value: string) =>
      verifyIdentity(db, { kind: 'mobile', value, user_id: 10002, verified_at: 1, created_at: 1 })
    await Promise.allSettled(['+8613912345671', '+8613912345672', '+8613912345673'].map(prove))
    expect(await db('user_identity').where({ kind: 'mobile', user_id: 10002 })).to.have.length(1)
  })
})
