import { expect } from 'chai'
import type { Knex } from 'knex'
import {
  listByNickname,
  listNewestUsers,
  listWaitingCertificates,
  type NicknamePlace,
} from '../../../db/found-users.js'
import { migrate } from '../../../db/migrate.js'
import { insertSlices } from '../../../db/statement-size.js'
import { onEachDatabase } from '../../servers/databases.js'
import { plansDuring } from '../../db/query-plans.js'
import { open } from '../../db/target.js'

const users = 20_000
const firstUser = 10_002
/** Half of all have one nickname, and the others one each. */
const nicknameOf = (at: number) => (at % 2 === 0 ? 'Many Of Them' : `one ${String(at).padStart(5, '0')}`)

onEachDatabase('users as the console finds them', function (database) {
  this.timeout(60_000)
  let db: Knex
  before(async () => {
    db = open(database)
    await migrate(db)
    const all = Array.from({ length: users }, (_, at) => ({ at, user_id: firstUser + at }))
    await insertSlices(
      all.map(({ user_id }) => ({ user_id, user_account: `account ${user_id}` })),
      (some) => db('account_user_base').insert(some),
    )
    await insertSlices(
      all.map(({ at, user_id }) => ({
        user_id,
        user_nickname: nicknameOf(at),
        user_state: at % 1000 === 0 ? 0 : 1,
        user_is_authentication: at % 500 === 1 ? 1 : 0,
      })),
      (some) => db('account_user_info').insert(some),
    )
    if (database.kind === 'mysql') await db.raw('ANALYZE TABLE account_user_base, account_user_info')
    else await db.raw('ANALYZE')
  })
  after(() => db?.destroy())

  const idsOf = (wanted: (at: number) => boolean) =>
    Array.from({ length: users }, (_, at) => at)
      .filter(wanted)
      .map((at) => firstUser + at)

  async function readAll(beginning: string, most: number): Promise<NicknamePlace[]> {
    const all: NicknamePlace[] = []
    for (let after: NicknamePlace | undefined; ; after = all.at(-1)) {
      const page = await listByNickname(db, { beginning, most, ...(after && { after }) })
      all.push(...page)
      if (page.length < most) return all
    }
  }

  it('come by the beginning of a nickname, each once, however many have the same one', async () => {
    const many = await readAll('many', 999)
    expect(many.map(({ userId }) => userId)).to.deep.equal(idsOf((at) => at % 2 === 0))
    const some = await readAll('ONE 0001', 3)
    expect(some.map(({ nickname }) => nickname)).to.deep.equal([11, 13, 15, 17, 19].map(nicknameOf))
    expect(await readAll('one 1_', 10)).to.deep.equal([])
    expect(await readAll('%', 10)).to.deep.equal([])
  })

  it('come by letters of every kind', async () => {
    const odd = ['张三', '张三丰', '张四', '😀 smile', 'a|b%c_d\\e', "o'neil"]
    await insertSlices(
      odd.map((user_nickname, at) => ({ user_id: 900_000 + at, user_nickname })),
      (some) => db('account_user_info').insert(some),
    )
    const found = async (beginning: string) => (await readAll(beginning, 1)).map(({ nickname }) => nickname)
    expect(await found('张三')).to.deep.equal(['张三', '张三丰'])
    expect(await found('😀')).to.deep.equal(['😀 smile'])
    expect(await found('a|b%')).to.deep.equal(['a|b%c_d\\e'])
    expect(await found('a|b%c_d\\')).to.deep.equal(['a|b%c_d\\e'])
    expect(await found("o'")).to.deep.equal(["o'neil"])
    await db('account_user_info').where('user_id', '>=', 900_000).delete()
  })

  it('come newest first, and of one state', async () => {
    const newest = await listNewestUsers(db, { most: 3 })
    expect(newest).to.deep.equal([1, 2, 3].map((back) => firstUser + users - back))
    expect(await listNewestUsers(db, { below: firstUser + 2, most: 3 })).to.deep.equal([10_003, 10_002])
    const locked = idsOf((at) => at % 1000 === 0).toReversed()
    expect(await listNewestUsers(db, { state: 0, most: 100 })).to.deep.equal(locked)
    expect(await listNewestUsers(db, { state: 0, below: 12_002, most: 100 })).to.deep.equal([11_002, 10_002])
  })

  it('have certificates that wait, a page after the other', async () => {
    const waiting = idsOf((at) => at % 500 === 1)
    const page = async (after: number) => {
      const rows = await listWaitingCertificates(db, { after, most: 30 })
      return rows.map(({ user_id }) => user_id)
    }
    expect(await page(0)).to.deep.equal(waiting.slice(0, 30))
    expect(await page(waiting[29] ?? 0)).to.deep.equal(waiting.slice(30))
  })

  it('are found by an index, deep pages as the first', async () => {
    const middle = { nickname: 'Many Of Them', userId: firstUser + users / 2 }
    const asked: Record<string, readonly [work: () => Promise<unknown>, index: RegExp]> = {
      newest: [() => listNewestUsers(db, { below: middle.userId, most: 21 }), /PRIMARY/],
      locked: [() => listNewestUsers(db, { state: 0, below: middle.userId, most: 21 }), /user_state_index/],
      nickname: [() => listByNickname(db, { beginning: 'many', most: 21 }), /user_nickname_index/],
      'nickname, deep': [
        () => listByNickname(db, { beginning: 'many', after: middle, most: 21 }),
        /user_nickname_index/,
      ],
      certificates: [
        () => listWaitingCertificates(db, { after: middle.userId, most: 21 }),
        /user_is_authentication_index/,
      ],
    }
    for (const [name, [work, index]] of Object.entries(asked)) {
      const plans = await plansDuring(db, work)
      for (const { sql, indexes, problems } of plans) {
        expect(problems, `${name}: ${sql}`).to.deep.equal([])
        expect(indexes.join(' '), `${name}: ${sql}`).to.match(index)
      }
    }
  })
})
