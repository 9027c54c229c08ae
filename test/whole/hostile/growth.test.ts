import { expect } from 'chai'
import { tryLater } from '../../answers.js'
import { createFloodWindow } from '../../../gateway/services/limits/flood-window.js'
import { createMovableClock } from '../../harness.js'
import { withGateway } from '../../suite.js'

withGateway('what strangers can fill', { LIMIT_IP_SCALE: '1', TRUST_PROXY: '127.0.0.1' }, (gateway) => {
  const signIn = (user_account: string, ip: string) => {
    const query = new URLSearchParams({ user_account, password: 'a wrong one' })
    return gateway.request(`/front/account/login/login?${query.toString()}`, { headers: { 'X-Real-IP': ip } })
  }

  it('is not the audit: of one network a hundred failed sign-ins an hour are in it', async () => {
    for (let n = 0; n < 104; n++) await signIn(`nobody-${n}`, `198.51.100.${n % 8}`)
    await signIn('nobody', '203.0.113.1')
    await gateway.services.signInRecords.flush()
    const rows = await gateway.db('audit_entry').where({ outcome: 'PASSWORD_WRONG' })
    expect(rows.filter(({ ip }) => ip.startsWith('198.51.100.'))).to.have.length(100)
    expect(rows.filter(({ ip }) => ip === '203.0.113.1')).to.have.length(1)
    const warnings = gateway.logLines.filter((line) => line.includes('not all are in the audit'))
    expect(warnings).to.have.length(1)
  }).timeout(120_000)

  it('is not the log: a path stands in it with 200 characters', async () => {
    const before = gateway.logLines.length
    expect((await gateway.request(`/front/${'x'.repeat(20_000)}`)).status).to.equal(404)
    const lines = gateway.logLines.slice(before).filter((line) => line.includes('xxxx'))
    expect(lines).to.have.length(1)
    expect(lines[0]).to.have.length.below(500)
  })

  it('is not the table of limits: a check without a live code leaves no row', async () => {
    for (let n = 0; n < 3; n++)
      await gateway.call('web.passport.checkcode', { mobile: `1340000000${n}`, code: '1234' })
    expect(await gateway.db('usage_limit').where('name', 'like', 'wrong%')).to.deep.equal([])
  })
})

withGateway('a flood', { LIMIT_IP_SCALE: '0.001', TRUST_PROXY: '127.0.0.1' }, (gateway) => {
  before(() => gateway.clock.freeze(Date.UTC(2026, 0, 5, 8)))

  let last = 0
  /** The answer of the twenty-first request of an address. */
  async function flooded(path: string, init: RequestInit = {}) {
    const headers = { 'X-Real-IP': `203.0.113.${++last}` }
    for (let n = 0; n < 20; n++)
      expect((await gateway.request(path, { ...init, headers })).status).to.not.equal(429)
    return gateway.request(path, { ...init, headers })
  }

  for (const path of ['/healthz', '/readyz', '/metrics', '/nothing/there', '/uploads/none'])
    it(`is refused at ${path}`, async () => {
      const { status, text, headers } = await flooded(path)
      expect([status, text]).to.deep.equal([429, tryLater])
      expect(headers.get('retry-after')).to.equal('10')
    })

  it('of preflights is refused', async () => {
    expect((await flooded('/gateway', { method: 'OPTIONS' })).status).to.equal(429)
  })
})

describe('a flood window of very many addresses', () => {
  it('counts those after the first 100,000 together', () => {
    const clock = createMovableClock()
    clock.freeze(0)
    const flood = createFloodWindow(2, 10, clock)
    for (let n = 0; n < 100_000; n++) flood.exceeded(`address ${n}`)
    expect(flood.exceeded('address 0')).to.equal(undefined)
    expect([1, 2, 3].map((n) => flood.exceeded(`newcomer ${n}`))).to.deep.equal([undefined, undefined, 10])
  })
})
