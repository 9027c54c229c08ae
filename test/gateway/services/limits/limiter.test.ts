import { expect } from 'chai'
import { createLimiter } from '../../../../gateway/services/limits/limiter.js'
import { tooManyRequests, tryLater } from '../../../answers.js'
import { withGateway } from '../../../suite.js'

const limit = (by: 'app' | 'ip' | 'user', points: number, name = 'method') => ({
  name,
  by,
  points,
  seconds: 600,
})

describe('a call rate', () => {
  it('lets so many calls through and then says in how many seconds to come again', () => {
    const limiter = createLimiter(1)
    const rate = limit('app', 3)
    for (let call = 0; call < 3; call++) expect(limiter.exceeded(rate, 'a')).to.equal(undefined)
    expect(limiter.exceeded(rate, 'a')).to.be.within(1, 600)
    expect(limiter.exceeded(rate, 'a')).to.be.within(1, 600)
  })

  it('counts every caller and every method by itself', () => {
    const limiter = createLimiter(1)
    for (const [name, key] of [
      ['first', 'a'],
      ['first', 'b'],
      ['second', 'a'],
    ] as const) {
      expect(limiter.exceeded(limit('user', 1, name), key)).to.equal(undefined)
      expect(limiter.exceeded(limit('user', 1, name), key)).to.be.above(0)
    }
  })

  it('counts parallel calls one by one', () => {
    const limiter = createLimiter(1)
    const answers = Array.from({ length: 50 }, () => limiter.exceeded(limit('app', 20), 'a'))
    expect(answers.filter((answer) => answer === undefined)).to.have.length(20)
  })

  it('is multiplied per address by LIMIT_IP_SCALE, never to nothing, and by nothing else', () => {
    const passing = (scale: number, by: 'app' | 'ip' | 'user', points: number) => {
      const limiter = createLimiter(scale)
      let passed = 0
      while (limiter.exceeded(limit(by, points), 'a') === undefined) passed++
      return passed
    }
    expect(passing(3, 'ip', 2)).to.equal(6)
    expect(passing(0.5, 'ip', 5)).to.equal(3)
    expect(passing(0.01, 'ip', 5)).to.equal(1)
    expect(passing(3, 'app', 2)).to.equal(2)
    expect(passing(3, 'user', 2)).to.equal(2)
  })
})

describe('a call rate of very many callers', () => {
  it('tells 50,000 apart and forgets the oldest for a newcomer, never one who calls again', () => {
    const limiter = createLimiter(1)
    const rate = limit('ip', 1)
    const call = (caller: number) => limiter.exceeded(rate, `2001:db8:0:${caller.toString(16)}::/64`)
    for (let caller = 0; caller < 50_000; caller++) expect(call(caller)).to.equal(undefined)
    expect(call(1)).to.be.above(0)
    expect(call(50_000)).to.equal(undefined)
    expect(call(0), 'forgotten').to.equal(undefined)
    expect(call(49_999)).to.be.above(0)
  })
})

withGateway('a method with a call rate', { LIMIT_IP_SCALE: '1' }, (gateway) => {
  /** Gives a method of the running gateway a rate of one call. */
  function holdToOneCall(name: string, by: 'app' | 'ip' | 'user'): void {
    const method = gateway.gateway.table.byName.get(name) ?? expect.fail(`no ${name}`)
    Object.assign(method, { limit: { ...limit(by, 1), name } })
  }

  it('answers 9999991 under HTTP 200 to passport clients, with Retry-After', async () => {
    holdToOneCall('web.passport.getUserHabits', 'app')
    const call = (options = {}) => gateway.call('web.passport.getUserHabits', { uid: '987654321' }, options)
    expect((await call()).json?.code).to.equal(10010)
    const refused = await call()
    expect([refused.status, refused.text]).to.deep.equal([200, tryLater])
    expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 600)
    // Another application has its own.
    expect((await call({ app: await gateway.addApp() })).json?.code).to.equal(10010)
  })

  it('answers HTTP 429 to account clients, with Retry-After', async () => {
    holdToOneCall('front.account.user.listsExpRule', 'ip')
    const call = () => gateway.request('/front/account/user/listsExpRule')
    expect((await call()).json).to.include({ status: 200, code: 0 })
    const refused = await call()
    expect([refused.status, refused.text]).to.deep.equal([429, tooManyRequests])
    expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 600)
  })

  it('counts a call only when its signature and its parameters are right', async () => {
    holdToOneCall('web.passport.getUserContacts', 'ip')
    const call = (uid: string, app = gateway.web) =>
      gateway.call('web.passport.getUserContacts', { uid }, { app })
    for (let count = 0; count < 3; count++) {
      expect((await call('')).json?.code).to.equal(421)
      expect((await call('1', { ...gateway.web, secret: 'f'.repeat(32) })).json?.code).to.equal(500)
    }
    expect((await call('987654321')).json?.code).to.equal(10010)
    expect((await call('987654321')).json?.code).to.equal(9999991)
  })

  it('counts by user for those who are signed in', async () => {
    const name = 'front.account.login.logout'
    holdToOneCall(name, 'user')
    const logout = async (token: string) =>
      (await gateway.call(name, {}, { app: null, headers: { Authorization: token } })).json?.code
    const [first, second] = [await gateway.addUser(), await gateway.addUser()]
    expect(await logout(await first.startSession())).to.equal(200)
    expect(await logout(await first.startSession())).to.equal(9999991)
    expect(await logout(await second.startSession())).to.equal(200)
    // Nobody's calls count by address.
    expect(await logout('')).to.equal(200)
    expect(await logout('')).to.equal(9999991)
  })
})
