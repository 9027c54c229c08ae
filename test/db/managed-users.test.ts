import { expect } from 'chai'
import type { Knex } from 'knex'
import { readListPage } from '../../db/list-query.js'
import type { ListDefinition, ListRequest } from '../../db/list-definition.js'
import { ownMessageList } from '../../db/listed-messages.js'
import { type ManagedUserRow, managedUserList } from '../../db/managed-users.js'
import { migrate } from '../../db/migrate.js'
import { plansDuring } from './query-plans.js'
import { onEachDatabase, onEachEmptyDatabase } from '../servers/databases.js'
import { makeOldShop } from '../servers/old-shop/old-shop.js'
import { statementsDuring } from './statements.js'
import { open } from './target.js'

const users = 50_000
const firstUser = 10_002
const listedTables = [
  'account_user_base',
  'account_user_info',
  'account_user_login',
  'account_user_level',
  'user_certificate',
  'user_identity',
]
const all: ListRequest = { page: 1, size: 10, order: [], equals: [], contains: [] }

/** One of a hundred is locked, one in ten has a level, one of a hundred waits for a certificate. */
async function addUsers(db: Knex): Promise<void> {
  // MariaDB stops counting recursively at 1,000.
  const digits = `SELECT 0 AS d ${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => `UNION ALL SELECT ${digit}`).join(' ')}`
  const numbers = `WITH digits AS (${digits}), numbers AS (
    SELECT ${firstUser} + one.d + 10 * ten.d + 100 * hundred.d + 1000 * thousand.d + 10000 * myriad.d AS n
      FROM digits AS one, digits AS ten, digits AS hundred, digits AS thousand, digits AS myriad
      WHERE myriad.d < ${users / 10_000}) SELECT`
  await db.raw(`INSERT INTO account_user_base (user_id, user_account) ${numbers} n, n FROM numbers`)
  await db.raw(
    `INSERT INTO account_user_info (user_id, user_state, user_level_id, user_is_authentication)
      ${numbers} n, CASE n % 100 WHEN 0 THEN 0 ELSE 1 END, CASE n % 10 WHEN 1 THEN 1001 ELSE 0 END,
        CASE n % 100 WHEN 2 THEN 1 ELSE 0 END FROM numbers`,
  )
  for (const kind of ['mobile', 'email'])
    await db.raw(
      `INSERT INTO user_identity (kind, value, user_id, created_at) ${numbers} '${kind}', n, n, 0 FROM numbers`,
    )
}

onEachDatabase('the list of users', (database) => {
  let db: Knex
  before(async () => {
    db = open(database)
    await migrate(db)
  })
  after(() => db?.destroy())

  /** The tables that are joined for the number of rows, which a page beyond the last one is told with. */
  const countedJoinsOf = async <Row>(list: ListDefinition<Row>, request: Partial<ListRequest>) => {
    const { statements } = await statementsDuring(db, () =>
      readListPage(db, list, { ...all, page: 2, ...request }),
    )
    const [counting = ''] = statements.filter((sql) => sql.includes('count('))
    expect(counting).to.not.equal('')
    return [...counting.matchAll(/left join (\w+) as/g)].map(([, table]) => table)
  }

  it('is counted without the tables that no filter and no search names', async () => {
    const counting = (request: Partial<ListRequest>) => countedJoinsOf(managedUserList, request)
    expect(await counting({})).to.deep.equal([])
    expect(await counting({ equals: [['user_account', 'a']] })).to.deep.equal([])
    expect(await counting({ equals: [['user_state', 0]] })).to.deep.equal(['account_user_info'])
    expect(await counting({ equals: [['user_email', 'a']] })).to.deep.equal(['user_identity'])
    expect(await counting({ since: 1, contains: [['user_nickname', 'a']] })).to.deep.equal([
      'account_user_info',
      'account_user_login',
    ])
    const ofOwn = countedJoinsOf(ownMessageList(firstUser), { equals: [['message_kind', 2]] })
    expect(await ofOwn).to.deep.equal([])
  })

  it('is counted with what a table that is named is joined by', async () => {
    const byLevel: ListDefinition<ManagedUserRow> = {
      ...managedUserList,
      filters: { level: 'level.user_level_name' },
    }
    const counted = await countedJoinsOf(byLevel, { equals: [['level', 'vip1']] })
    expect(counted).to.deep.equal(['account_user_info', 'account_user_level'])
  })

  describe(`of ${users} users`, () => {
    before(async function () {
      this.timeout(60_000)
      await addUsers(db)
      if (database.kind === 'mysql') await db.raw(`ANALYZE TABLE ${listedTables.join(', ')}`)
    })

    const plansOf = async (equals: ListRequest['equals']) => {
      const read = { records: 0 }
      const plans = await plansDuring(db, async () => {
        read.records = (await readListPage(db, managedUserList, { ...all, equals })).records
      })
      return { ...read, plans }
    }

    for (const [filter, value, found, index] of [
      ['user_state', 0, users / 100, 'account_user_info_user_state_index'],
      ['user_level_id', 1001, users / 10, 'account_user_info_user_level_id_index'],
      ['user_is_authentication', 1, users / 100, 'account_user_info_user_is_authentication_index'],
    ] as const)
      it(`finds those of a ${filter} by an index`, async () => {
        const { records, plans } = await plansOf([[filter, value]])
        expect(records).to.equal(found)
        for (const { indexes, sql } of plans) expect(indexes, sql).to.include(index)
        if (database.kind === 'mysql') expect(plans.flatMap(({ problems }) => problems)).to.deep.equal([])
      })

    for (const filter of ['user_mobile', 'user_email'])
      it(`finds who owns a ${filter} by the key`, async () => {
        const { records, plans } = await plansOf([[filter, String(firstUser)]])
        expect(records).to.equal(1)
        expect(plans.flatMap(({ problems }) => problems)).to.deep.equal([])
      })

    it('shows the newest without reading or sorting the others', async () => {
      const { records, plans } = await plansOf([])
      expect(records).to.equal(users)
      const [page] = plans
      expect(page?.sql).to.include('limit')
      if (database.kind === 'mysql') {
        expect(page?.problems).to.deep.equal([])
        expect(page?.indexes[0]).to.equal('PRIMARY')
      } else expect(page?.problems).to.deep.equal(['SCAN base'])
    })
  })
})

onEachEmptyDatabase('the users of an old shop', (database) => {
  // SQLite holds no imported tables.
  if (database.kind === 'sqlite') return
  it('are found by the same indexes, none of them a key', async () => {
    const db = open(database)
    try {
      await makeOldShop(db, [{ user_id: firstUser, user_account: 'old', password: 'secret' }])
      await migrate(db)
      const indexes: { column_name: string; non_unique: number }[] = await db('information_schema.statistics')
        .whereRaw('table_schema = database()')
        .where({ table_name: 'account_user_info' })
        .whereIn('column_name', ['user_state', 'user_level_id', 'user_is_authentication'])
        .select(db.raw('column_name AS column_name'), db.raw('non_unique AS non_unique'))
        .orderBy('column_name')
      expect(indexes.map(({ column_name, non_unique }) => [column_name, non_unique])).to.deep.equal([
        ['user_is_authentication', 1],
        ['user_level_id', 1],
        ['user_state', 1],
      ])
    } finally {
      await db.destroy()
    }
  })
})
