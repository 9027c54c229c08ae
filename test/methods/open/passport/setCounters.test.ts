import { expect } from 'chai'
import { paramError, signatureInvalid, uidMissing, userNotExists, userSucceeded } from '../../../answers.js'
import { withGateway } from '../../../suite.js'

const method = 'open.passport.setCounters'

withGateway(method, (gateway) => {
  let uid: string
  beforeEach(async () => {
    uid = String((await gateway.addUser()).uid)
  })

  const set = (counts: Record<string, string>) => gateway.call(method, { uid, ...counts })
  const card = async () => {
    const { text } = await gateway.call('open.passport.get', { uid })
    const { couponCount, orderCount, refundCount, YohocoinCount, vip } = JSON.parse(text).data.data
    const { curTotalCost, curYearCost } = vip
    return { couponCount, orderCount, refundCount, YohocoinCount, curTotalCost, curYearCost }
  }
  const all = {
    couponCount: '1',
    orderCount: '2',
    refundCount: '3',
    YohocoinCount: '4',
    curTotalCost: '1234.5',
    curYearCost: '128.50',
  }
  const shown = {
    couponCount: 1,
    orderCount: 2,
    refundCount: 3,
    YohocoinCount: 4,
    curTotalCost: '1234.5',
    curYearCost: '128.5',
  }

  it('stores all counts at once', async () => {
    expect(await set(all)).to.include({ status: 200, text: userSucceeded })
    expect(await card()).to.deep.equal(shown)
  })

  it('changes the given counts only, a zero too', async () => {
    await set(all)
    expect((await set({ orderCount: '0', curYearCost: '0' })).text).to.equal(userSucceeded)
    expect(await card()).to.deep.equal({ ...shown, orderCount: 0, curYearCost: '0.0' })
    expect((await set({})).text).to.equal(userSucceeded)
    expect((await set({ refundCount: '' })).text).to.equal(userSucceeded)
    expect(await card()).to.deep.equal({ ...shown, orderCount: 0, curYearCost: '0.0' })
  })

  it('loses no count when counts are set at the same time', async () => {
    const changes = Object.entries(all).map(([name, value]) => set({ [name]: value }))
    for (const { text } of await Promise.all(changes)) expect(text).to.equal(userSucceeded)
    expect(await card()).to.deep.equal(shown)
  })

  it('takes the largest count and amount', async () => {
    const largest = { couponCount: '2147483647', curTotalCost: '9999999999.99' }
    expect((await set(largest)).text).to.equal(userSucceeded)
    expect(await card()).to.include({ couponCount: 2147483647, curTotalCost: '9999999999.99' })
  })

  it('refuses counts that are no whole numbers from 0', async () => {
    await set(all)
    for (const name of ['couponCount', 'orderCount', 'refundCount', 'YohocoinCount'])
      for (const count of ['-1', '1.5', 'x', '0x10', '2147483648'])
        expect((await set({ [name]: count })).text, `${name}=${count}`).to.equal(paramError)
    expect(await card()).to.deep.equal(shown)
  })

  it('refuses amounts that are no numbers with at most two decimals', async () => {
    await set(all)
    for (const name of ['curTotalCost', 'curYearCost'])
      for (const amount of ['-1', '1.234', '1,5', '.5', '1e3', 'x', '12345678901'])
        expect((await set({ [name]: amount })).text, `${name}=${amount}`).to.equal(paramError)
    expect(await card()).to.deep.equal(shown)
  })

  it('checks the uid, then the user', async () => {
    for (const wrong of ['', 'abc', '-1'])
      expect((await set({ uid: wrong, orderCount: '1' })).text).to.equal(uidMissing)
    expect((await set({ uid: '99999999', orderCount: '1' })).text).to.equal(userNotExists)
  })

  it('is closed to an application that is not granted it', async () => {
    const app = await gateway.addApp({ grants: ['open.passport.get'] })
    const { text } = await gateway.call(method, { uid, orderCount: '1' }, { app })
    expect(text).to.equal(signatureInvalid)
    expect(await card()).to.include({ orderCount: 0 })
  })
})
