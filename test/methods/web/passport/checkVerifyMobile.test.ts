import { expect } from 'chai'
import type { CallOptions } from '../../../harness.js'
import { withGateway } from '../../../suite.js'

const free = '{"code":200,"data":[],"message":"操作成功"}'
const taken = '{"code":404,"message":"此手机号已被使用"}'
const missing = '{"code":401,"message":"手机号码错误"}'
const malformed = '{"code":402,"message":"手机号码格式错误"}'
const badUid = '{"code":421,"message":"uid不能为空"}'

withGateway('web.passport.checkVerifyMobile', (gateway) => {
  let lastNumber = 13_500_000_000
  const newMobile = (): string => String(++lastNumber)

  async function check(params: Record<string, string>, options?: CallOptions): Promise<string> {
    const { status, text } = await gateway.call('web.passport.checkVerifyMobile', params, options)
    expect(status).to.equal(200)
    return text
  }

  it('answers 操作成功 for a number that nobody has verified', async () => {
    expect(await check({ mobile: newMobile(), area: '86' })).to.equal(free)
    expect(await check({ mobile: newMobile() }, { verb: 'POST' })).to.equal(free)
    expect(await check({ mobile: '51234567', area: '852' })).to.equal(free)
  })

  it('wants a number of its area', async () => {
    expect(await check({})).to.equal(missing)
    expect(await check({ mobile: '' })).to.equal(missing)
    expect(await check({ mobile: '12345678901' })).to.equal(malformed)
    expect(await check({ mobile: newMobile(), area: '852' })).to.equal(malformed)
    expect(await check({ mobile: newMobile(), uid: 'x' })).to.equal(badUid)
  })

  it('refuses a number that another user has verified, however it is written', async () => {
    const mobile = newMobile()
    const owner = await gateway.addUser({ mobile })
    const other = await gateway.addUser()
    expect(await check({ mobile })).to.equal(taken)
    expect(await check({ mobile, uid: String(other.uid) })).to.equal(taken)
    expect(await check({ mobile: `86-${mobile}`, area: '1' })).to.equal(taken)
    expect(await check({ mobile, uid: String(owner.uid) })).to.equal(free)
  })

  it('counts a number as free while another user only claims it', async () => {
    const mobile = newMobile()
    await gateway.addUser({ mobile, verified: false })
    const other = await gateway.addUser()
    expect(await check({ mobile })).to.equal(free)
    expect(await check({ mobile, uid: String(other.uid) })).to.equal(free)
  })

  it('tells the same digits of two areas apart', async () => {
    const mobile = newMobile()
    await gateway.addUser({ mobile })
    expect(await check({ mobile, area: '999' })).to.equal(free)
  })
})
