import { expect } from 'chai'
import { mobileInUse, mobileMalformed, mobileMissing, succeeded, uidMissing } from '../../../answers.js'
import type { CallOptions } from '../../../harness.js'
import { withGateway } from '../../../suite.js'

withGateway('web.passport.checkVerifyMobile', (gateway) => {
  let lastNumber = 13_500_000_000
  const newMobile = (): string => String(++lastNumber)

  async function check(params: Record<string, string>, options?: CallOptions): Promise<string> {
    const { status, text } = await gateway.call('web.passport.checkVerifyMobile', params, options)
    expect(status).to.equal(200)
    return text
  }

  it('answers 操作成功 for a number that nobody has verified', async () => {
    expect(await check({ mobile: newMobile(), area: '86' })).to.equal(succeeded)
    expect(await check({ mobile: newMobile() }, { verb: 'POST' })).to.equal(succeeded)
    expect(await check({ mobile: '51234567', area: '852' })).to.equal(succeeded)
  })

  it('wants a number of its area', async () => {
    expect(await check({})).to.equal(mobileMissing)
    expect(await check({ mobile: '' })).to.equal(mobileMissing)
    expect(await check({ mobile: '12345678901' })).to.equal(mobileMalformed)
    expect(await check({ mobile: newMobile(), area: '852' })).to.equal(mobileMalformed)
    expect(await check({ mobile: newMobile(), uid: 'x' })).to.equal(uidMissing)
  })

  it('refuses a number that another user has verified, however it is written', async () => {
    const mobile = newMobile()
    const owner = await gateway.addUser({ mobile })
    const other = await gateway.addUser()
    expect(await check({ mobile })).to.equal(mobileInUse)
    expect(await check({ mobile, uid: String(other.uid) })).to.equal(mobileInUse)
    expect(await check({ mobile: `86-${mobile}`, area: '1' })).to.equal(mobileInUse)
    expect(await check({ mobile, uid: String(owner.uid) })).to.equal(succeeded)
  })

  it('counts a number as free while another user only claims it', async () => {
    const mobile = newMobile()
    await gateway.addUser({ mobile, verified: false })
    const other = await gateway.addUser()
    expect(await check({ mobile })).to.equal(succeeded)
    expect(await check({ mobile, uid: String(other.uid) })).to.equal(succeeded)
  })

  it('tells the same digits of two areas apart', async () => {
    const mobile = newMobile()
    await gateway.addUser({ mobile })
    expect(await check({ mobile, area: '999' })).to.equal(succeeded)
  })
})
