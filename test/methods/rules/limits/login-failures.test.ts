import { expect } from 'chai'
import { isError } from '../../../../gateway/outcome/errors.js'
import {
  countFailureAhead,
  forgiveFailures,
  takeBackFailure,
} from '../../../../methods/rules/limits/login-failures.js'
import { withGateway } from '../../../suite.js'

withGateway('login failures', (gateway) => {
  let lastUser = 0
  before(() => gateway.clock.freeze(Date.UTC(2026, 0, 5, 8)))

  /** Seconds to wait, 0 when the try was let through. */
  async function tryOnce(user: number): Promise<number> {
    try {
      await countFailureAhead(gateway.services, user)
      return 0
    } catch (error) {
      if (!isError(error, 'TOO_MANY_FAILURES')) throw error
      return error.retryAfter ?? Number.NaN
    }
  }

  /** The pauses after each of so many failures, every pause waited out. */
  async function pausesOf(user: number, count: number): Promise<number[]> {
    const pauses: number[] = []
    for (let n = 0; n < count; n++) {
      expect(await tryOnce(user)).to.equal(0)
      const pause = await pauseNow(user)
      pauses.push(pause)
      gateway.clock.advance(pause * 1000)
    }
    return pauses
  }

  /** Seconds that the user must still wait, found out without counting a failure. */
  async function pauseNow(user: number): Promise<number> {
    const row = await gateway
      .db('login_failure')
      .where({ subject: String(user) })
      .first()
    return Math.max(0, ((row?.blocked_until ?? 0) - gateway.clock.now()) / 1000)
  }

  it('pause from the fifth on, one second doubling to fifteen minutes', async () => {
    const pauses = await pausesOf(++lastUser, 17)
    const expected = [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    expect(pauses).to.deep.equal(expected)
  })

  it('refuse nobody before there is a pause, also on a node whose clock is behind', async () => {
    const user = ++lastUser
    for (let n = 0; n < 3; n++) {
      expect(await tryOnce(user)).to.equal(0)
      gateway.clock.advance(-500)
    }
    expect(await tryOnce(user)).to.equal(0)
    expect(await pauseNow(user)).to.equal(0)
    gateway.clock.advance(1500)
    expect(await tryOnce(user), 'the fifth').to.equal(0)
    expect(await pauseNow(user)).to.equal(1)
  })

  it('say in whole seconds how long the pause still is, and a try in a pause does not prolong it', async () => {
    const user = ++lastUser
    await pausesOf(user, 6)
    expect(await tryOnce(user)).to.equal(0)
    expect(await tryOnce(user)).to.equal(4)
    gateway.clock.advance(2500)
    expect(await tryOnce(user)).to.equal(2)
    gateway.clock.advance(1499)
    expect(await tryOnce(user)).to.equal(1)
    gateway.clock.advance(1)
    expect(await tryOnce(user)).to.equal(0)
  })

  it('let five of twenty parallel tries through', async () => {
    const user = ++lastUser
    const waits = await Promise.all(Array.from({ length: 20 }, () => tryOnce(user)))
    expect(waits.filter((wait) => wait === 0)).to.have.length(5)
    expect(waits.filter((wait) => wait === 1)).to.have.length(15)
  })

  it('are forgotten after a success', async () => {
    const user = ++lastUser
    await pausesOf(user, 8)
    await forgiveFailures(gateway.services, user)
    expect(await pausesOf(user, 5)).to.deep.equal([0, 0, 0, 0, 1])
  })

  it('are forgotten a day after the last one', async () => {
    const user = ++lastUser
    await pausesOf(user, 4)
    gateway.clock.advance(86_400_000 - 1)
    expect(await pausesOf(user, 2)).to.deep.equal([1, 2])
    gateway.clock.advance(86_400_000)
    expect(await pausesOf(user, 2)).to.deep.equal([0, 0])
  })

  it('are taken back one at a time, with the pause they brought', async () => {
    const user = ++lastUser
    await pausesOf(user, 4)
    const counted = await countFailureAhead(gateway.services, user)
    expect(counted).to.equal(5)
    await takeBackFailure(gateway.services, user, counted)
    expect(await pausesOf(user, 2)).to.deep.equal([1, 2])
  })

  it('that are taken back do not end a pause that others have begun since', async () => {
    const user = ++lastUser
    await pausesOf(user, 3)
    const counted = await countFailureAhead(gateway.services, user)
    expect(await tryOnce(user)).to.equal(0)
    await takeBackFailure(gateway.services, user, counted)
    expect(await tryOnce(user)).to.equal(1)
  })

  it('that nobody counted can’t be taken back', async () => {
    const user = ++lastUser
    await takeBackFailure(gateway.services, user, 1)
    expect(await pausesOf(user, 5)).to.deep.equal([0, 0, 0, 0, 1])
  })

  it('of one user are not another’s', async () => {
    const [user, other] = [++lastUser, ++lastUser]
    await pausesOf(user, 5)
    expect(await tryOnce(user)).to.equal(0)
    expect(await tryOnce(user)).to.equal(2)
    expect(await pausesOf(other, 2)).to.deep.equal([0, 0])
  })
})
