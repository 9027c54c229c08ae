import { expect } from 'chai'
import { transaction } from '../../../../db/transaction.js'
import { GatewayError, isError } from '../../../../gateway/outcome/errors.js'
import { lockLimits } from '../../../../methods/rules/limits/locked-usage.js'
import { giveBackLimits, spendLimits, type UsageLimit } from '../../../../methods/rules/limits/usage.js'
import { withGateway } from '../../../suite.js'

withGateway('usage limits', (gateway) => {
  let lastLimit = 0
  const start = Date.UTC(2026, 0, 5, 8)

  const limit = (points: number, seconds: number): UsageLimit => ({
    name: `test:${++lastLimit}`,
    points,
    seconds,
  })

  const at = (now: number) => ({ db: gateway.db, clock: { now: () => now } })

  /** `spent`, or the seconds to wait. */
  async function spend(limits: readonly UsageLimit[], now = start): Promise<number | 'spent'> {
    try {
      await transaction(at(now), (services) => spendLimits(services, limits))
      return 'spent'
    } catch (error) {
      if (!isError(error, 'TOO_MANY_REQUESTS')) throw error
      return error.retryAfter ?? Number.NaN
    }
  }

  const giveBack = (limits: readonly UsageLimit[], now = start): Promise<void> =>
    transaction(at(now), (services) => giveBackLimits(services, limits))

  it('allow so many uses from the first one until their time is over', async () => {
    const twice = limit(2, 60)
    expect(await spend([twice], start)).to.equal('spent')
    expect(await spend([twice], start + 30_000)).to.equal('spent')
    expect(await spend([twice], start + 30_000)).to.equal(30)
    expect(await spend([twice], start + 59_999)).to.equal(1)
    expect(await spend([twice], start + 60_000)).to.equal('spent')
    expect(await spend([twice], start + 119_999)).to.equal('spent')
    expect(await spend([twice], start + 119_999)).to.equal(1)
  })

  it('of which one is used up leave the others unused, and name the longest wait', async () => {
    const [once, many, alsoOnce] = [limit(1, 60), limit(2, 3600), limit(1, 600)]
    expect(await spend([once, alsoOnce])).to.equal('spent')
    expect(await spend([many, once, alsoOnce])).to.equal(600)
    expect(await spend([many])).to.equal('spent')
    expect(await spend([many])).to.equal('spent')
    expect(await spend([many])).to.equal(3600)
  })

  it('of different names are counted apart', async () => {
    expect(await spend([limit(1, 60)])).to.equal('spent')
    expect(await spend([limit(1, 60)])).to.equal('spent')
  })

  it('hold exactly under parallel use', async () => {
    const seven = limit(7, 60)
    const results = await Promise.all(Array.from({ length: 30 }, () => spend([seven])))
    expect(results.filter((result) => result === 'spent')).to.have.length(7)
    expect(results.filter((result) => result === 60)).to.have.length(23)
  })

  it('do not get in each other’s way when they are named in another order', async () => {
    const [first, second] = [limit(100, 60), limit(100, 60)]
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, n) => spend(n % 2 ? [first, second] : [second, first])),
    )
    expect(new Set(results)).to.deep.equal(new Set(['spent']))
  })

  it('can be looked at without using them', async () => {
    const once = limit(1, 60)
    const look = () =>
      transaction(at(start), async (services) => (await lockLimits(services, [once])).exhausted)
    expect(await look()).to.equal(undefined)
    expect(await look()).to.equal(undefined)
    expect(await spend([once])).to.equal('spent')
    expect(await look()).to.deep.equal({ resetsAt: start + 60_000 })
  })

  it('get one use back', async () => {
    const twice = limit(2, 60)
    await spend([twice])
    await spend([twice])
    await giveBack([twice])
    expect(await spend([twice])).to.equal('spent')
    expect(await spend([twice])).to.equal(60)
  })

  it('get back nothing that was not used, nor a use of an earlier time', async () => {
    const [unused, earlier] = [limit(1, 60), limit(1, 60)]
    await giveBack([unused])
    expect(await spend([unused])).to.equal('spent')
    expect(await spend([unused])).to.equal(60)
    await spend([earlier])
    await giveBack([earlier], start + 60_000)
    expect(await spend([earlier])).to.equal(60)
  })

  it('are not used when the transaction fails', async () => {
    const once = limit(1, 60)
    const failing = transaction(at(start), async (services) => {
      await spendLimits(services, [once])
      throw new GatewayError('MOBILE_TAKEN')
    })
    expect(await failing.catch((error: unknown) => error)).to.be.instanceOf(GatewayError)
    expect(await spend([once])).to.equal('spent')
  })
})
