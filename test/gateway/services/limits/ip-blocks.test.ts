import { expect } from 'chai'
import { refusal } from '../../../answers.js'
import { deleteIpBlock, saveIpBlock } from '../../../../db/ip-blocks.js'
import { withGateway } from '../../../suite.js'

withGateway('blocked addresses', { TRUST_PROXY: '127.0.0.1' }, (gateway) => {
  before(async () => {
    const { db, clock } = gateway.services
    const block = (address: string, expires: number | null = null) =>
      saveIpBlock(db, { address, reason: 'a test', created_at: clock.now(), expires_at: expires })
    await block('203.0.113.7')
    await block('198.51.100.0/24')
    await block('2001:db8::/32')
    await block('203.0.113.8', clock.now() + 60_000)
    await block('203.0.113.9', clock.now() - 1)
    await untilBlocked('203.0.113.7', true)
  })

  /** A running gateway reads the list every two seconds. */
  async function untilBlocked(ip: string, blocked: boolean): Promise<void> {
    while (gateway.services.ipBlocks.isBlocked(ip) !== blocked)
      await new Promise((resolve) => setTimeout(resolve, 20))
  }

  const callFrom = (ip: string, path = '/gateway') =>
    gateway.request(path, { headers: { 'X-Real-IP': ip, 'X-Forwarded-For': ip } })

  it('hear 10011, an empty message and a header in the passport envelope', async () => {
    const answer = await callFrom('203.0.113.7')
    expect([answer.status, answer.text]).to.deep.equal([200, '{"code":10011,"message":""}'])
    expect(answer.headers.get('x-yoho-malicode')).to.equal('10011')
  })

  it('hear 没有访问权限 in the account envelope', async () => {
    const answer = await callFrom('203.0.113.7', '/front/account/login/logout')
    expect([answer.status, answer.text]).to.deep.equal([403, refusal(300, '没有访问权限', 'IP_BLOCKED')])
    expect(answer.headers.get('x-yoho-malicode')).to.equal(null)
  })

  it('are told before anything of the call is read', async () => {
    const headers = { 'X-Real-IP': '203.0.113.7', 'Content-Type': 'application/json' }
    const answer = await gateway.request('/gateway', { method: 'POST', headers, body: '{broken' })
    expect(answer.json?.code).to.equal(10011)
  })

  it('may be ranges, of IPv6 too', () => {
    const { ipBlocks } = gateway.services
    for (const ip of ['198.51.100.0', '198.51.100.255', '2001:db8::1', '2001:db8:ffff::'])
      expect(ipBlocks.isBlocked(ip), ip).to.equal(true)
    for (const ip of ['198.51.101.0', '2001:db9::1', '127.0.0.1', '::1', ''])
      expect(ipBlocks.isBlocked(ip), ip).to.equal(false)
  })

  it('are free again when their time is over', async () => {
    const { ipBlocks } = gateway.services
    expect([ipBlocks.isBlocked('203.0.113.8'), ipBlocks.isBlocked('203.0.113.9')]).to.deep.equal([
      true,
      false,
    ])
    gateway.clock.advance(60_000)
    await untilBlocked('203.0.113.8', false)
  })

  it('are free again when the operator says so, without a restart', async () => {
    expect(await deleteIpBlock(gateway.db, '203.0.113.7')).to.equal(true)
    await untilBlocked('203.0.113.7', false)
    expect((await callFrom('203.0.113.7')).json?.code).to.equal(1000)
    expect(await deleteIpBlock(gateway.db, '203.0.113.7')).to.equal(false)
  })
})
