import { expect } from 'chai'
import { transaction } from '../../../../db/transaction.js'
import { findCredentials } from '../../../../db/credentials.js'
import { reward } from '../../../../methods/rules/accounts/growth.js'
import { register } from '../../../../methods/rules/accounts/registrations.js'
import { signIn } from '../../../../methods/rules/accounts/sign-ins.js'
import { withGatewayPerTest } from '../../../suite.js'

/** 16:00 in Shanghai. */
const start = Date.UTC(2026, 0, 5, 8)
const hour = 3_600_000

withGatewayPerTest('points, experience and levels', (gateway) => {
  beforeEach(async () => {
    gateway.clock.freeze(start)
    await gateway.db('sys_config_base').delete()
  })

  const configure = (settings: Record<string, string>) =>
    gateway.db('sys_config_base').insert(
      Object.entries(settings).map(([config_key, config_value]) => ({
        config_key,
        config_value,
        config_enable: 1,
      })),
    )
  const newUser = () => {
    const { services } = gateway
    return transaction(services, async (services) => (await register(services, { ip: '127.0.0.1' })).user_id)
  }
  const enter = async (userId: number) => {
    const user = await findCredentials(gateway.db, userId)
    if (!user) throw new Error('the user is gone')
    const call = { action: 'test', app: undefined, session: undefined, ip: '127.0.0.1' }
    await signIn(gateway.services, user, call)
  }
  const give = (userId: number, reason: 'registration' | 'signIn') =>
    transaction(gateway.services, (services) => reward(services, { userId, reasons: [reason] }))
  const balancesOf = async (userId: number) => {
    const row = await gateway.db('pay_user_resource').where({ user_id: userId }).first()
    return { points: Number(row?.user_points), exp: Number(row?.user_exp) }
  }
  const historyOf = async (unit: 'points' | 'exp', userId: number) => {
    const history = gateway.db<Record<string, unknown>>(`pay_user_${unit}_history`)
    const rows: Record<string, unknown>[] = await history.where({ user_id: userId }).orderBy(`${unit}_log_id`)
    return rows.map((row) => ({
      kind: row[`${unit}_kind_id`],
      type: row[`${unit}_type_id`],
      value: Number(row[unit === 'points' ? 'points_log_points' : 'exp_log_value']),
      // Of points the balance after, of experience that before.
      balance: Number(row[`user_${unit}`]),
      at: row[`${unit}_log_time`],
    }))
  }
  const levelOf = async (userId: number) =>
    (await gateway.db('account_user_info').where({ user_id: userId }).first())?.user_level_id
  const setLevel = (userId: number, user_level_id: number) =>
    gateway.db('account_user_info').where({ user_id: userId }).update({ user_level_id })

  it('registration gives points, with a row in their history, and no experience unless configured', async () => {
    const userId = await newUser()
    expect(await balancesOf(userId)).to.deep.equal({ points: 30, exp: 0 })
    expect(await historyOf('points', userId)).to.deep.equal([
      { kind: 1, type: 1, value: 30, balance: 30, at: start },
    ])
    expect(await historyOf('exp', userId)).to.deep.equal([])
    await configure({ points_reg: '12.5', exp_reg: '8' })
    const second = await newUser()
    expect(await balancesOf(second)).to.deep.equal({ points: 12.5, exp: 8 })
    expect(await historyOf('exp', second)).to.deep.equal([
      { kind: 1, type: 1, value: 8, balance: 0, at: start },
    ])
  })

  it('the first sign-in of a day gives experience, the others none; days are those of the configured zone', async () => {
    const userId = await newUser()
    await enter(userId)
    gateway.clock.advance(7 * hour)
    await enter(userId)
    expect(await balancesOf(userId)).to.deep.equal({ points: 30, exp: 50 })
    // Midnight in Shanghai.
    gateway.clock.advance(hour)
    await enter(userId)
    await enter(userId)
    expect(await historyOf('exp', userId)).to.deep.equal([
      { kind: 1, type: 2, value: 50, balance: 0, at: start },
      { kind: 1, type: 2, value: 50, balance: 50, at: start + 8 * hour },
    ])
  })

  it('experience raises the level that it reaches, and nothing lowers it', async () => {
    const userId = await newUser()
    await enter(userId)
    expect(await levelOf(userId)).to.equal(1001)
    gateway.clock.advance(24 * hour)
    await enter(userId)
    expect(await levelOf(userId)).to.equal(1001)
    await gateway.db('account_user_level').insert([
      { user_level_id: 1900, user_level_exp: 200 },
      // Higher by experience only: a number below the user's own is none (account-beside.md §6).
      { user_level_id: 900, user_level_exp: 300 },
    ])
    for (let day = 0; day < 2; day++) {
      gateway.clock.advance(24 * hour)
      await enter(userId)
    }
    expect(await levelOf(userId)).to.equal(1900)
    gateway.clock.advance(48 * hour)
    await enter(userId)
    await enter(userId)
    // The operator's correction of a balance takes no level away.
    await gateway.db('pay_user_resource').where({ user_id: userId }).update({ user_exp: 100 })
    gateway.clock.advance(24 * hour)
    await enter(userId)
    expect(await levelOf(userId)).to.equal(1900)
    await gateway.db('account_user_level').whereIn('user_level_id', [900, 1900]).delete()
  })

  it('a level that was reached by spending stays', async () => {
    const userId = await newUser()
    await setLevel(userId, 1003)
    await configure({ exp_login: '1000' })
    await enter(userId)
    expect([await levelOf(userId), (await balancesOf(userId)).exp]).to.deep.equal([1003, 1000])
  })

  it('unreadable settings give nothing and stop nobody', async () => {
    for (const setting of ['', 'many', '-5', '1e9', '0x10', 'Infinity', 'NaN', '99999999999', '1,5', '５']) {
      await gateway.db('sys_config_base').delete()
      await configure({ points_reg: setting, exp_reg: setting, exp_login: setting })
      const userId = await newUser()
      await enter(userId)
      expect(await balancesOf(userId), setting).to.deep.equal({ points: 0, exp: 0 })
      expect(await historyOf('points', userId), setting).to.deep.equal([])
    }
  })

  it('experience is counted in whole numbers', async () => {
    await configure({ exp_login: '2.9' })
    const userId = await newUser()
    await enter(userId)
    expect((await balancesOf(userId)).exp).to.equal(2)
  })

  it('of twenty parallel first sign-ins of a day one is rewarded', async () => {
    const userId = await newUser()
    for (const day of [1, 2]) {
      await Promise.all(Array.from({ length: 20 }, () => enter(userId)))
      expect((await balancesOf(userId)).exp).to.equal(50 * day)
      gateway.clock.advance(24 * hour)
    }
    await gateway.services.signInRecords.flush()
    const login = await gateway.db('account_user_login').where({ user_id: userId }).first()
    expect(login?.user_count_login).to.equal(40)
    expect(await gateway.db('account_user_login_history').where({ user_id: userId })).to.have.length(40)
  })

  it('the same holds for an imported user, who has no row of sign-ins or balances yet', async () => {
    const { uid } = await gateway.addUser()
    await Promise.all(Array.from({ length: 20 }, () => enter(uid)))
    expect(await balancesOf(uid)).to.deep.equal({ points: 0, exp: 50 })
  })

  it('no reward is lost or doubled in parallel: every history continues the balance before', async () => {
    await configure({ points_reg: '3', exp_reg: '7' })
    const { uid } = await gateway.addUser()
    await Promise.all(Array.from({ length: 20 }, () => give(uid, 'registration')))
    expect(await balancesOf(uid)).to.deep.equal({ points: 60, exp: 140 })
    const sorted = (rows: { balance: number }[]) => rows.map(({ balance }) => balance).sort((a, b) => a - b)
    expect(sorted(await historyOf('points', uid))).to.deep.equal(
      Array.from({ length: 20 }, (_, at) => at * 3 + 3),
    )
    expect(sorted(await historyOf('exp', uid))).to.deep.equal(Array.from({ length: 20 }, (_, at) => at * 7))
    expect(await levelOf(uid)).to.equal(1001)
  })
})
