import { expect } from 'chai'
import type { MoveRouteRow } from '../../../../db/move-routes.js'
import { createRouteTable } from '../../../../gateway/move/switch/route-table.js'

const method = 'web.passport.getUserVerifyInfo'
const row = (given: Partial<MoveRouteRow>): MoveRouteRow => ({
  method,
  app: '',
  share: 10_000,
  share_before: 0,
  caller: 'ip',
  common: '',
  created_at: 1000,
  changed_at: 1000,
  effective_at: 2000,
  reason: '',
  ...given,
})
const caller = (ip: string, app = 'h5') => ({ app, ip, uid: undefined })
const addresses = Array.from({ length: 4000 }, (_, at) => `10.0.${at >> 8}.${at & 255}`)

describe('A table of routes', () => {
  it('is followed from its moment on', () => {
    const table = createRouteTable([row({})])
    expect([1999, 2000].map((now) => table.sideOf(method, caller('10.0.0.1'), now))).to.deep.equal([
      'old',
      'new',
    ])
    expect(table.sideOf('web.passport.sendcode', caller('10.0.0.1'), 3000)).to.equal('old')
  })

  it('has an application follow its own route', () => {
    const table = createRouteTable([row({}), row({ app: 'h5', share: 0 })])
    expect(table.sideOf(method, caller('10.0.0.1'), 3000)).to.equal('old')
    expect(table.sideOf(method, caller('10.0.0.1', 'android'), 3000)).to.equal('new')
  })

  it('takes about a share of the callers, and none of them back when it grows', () => {
    const movedAt = (share: number) => {
      const table = createRouteTable([row({ share })])
      return addresses.filter((ip) => table.sideOf(method, caller(ip), 3000) === 'new')
    }
    const [tenth, half] = [movedAt(1000), movedAt(5000)]
    expect(tenth.length).to.be.within(300, 500)
    expect(half.length).to.be.within(1800, 2200)
    expect(half).to.include.members(tenth)
    expect(movedAt(10_000)).to.have.length(addresses.length)
  })

  it('leaves a call without a uid at the old server', () => {
    const table = createRouteTable([row({ share: 9999, caller: 'uid' })])
    expect(table.sideOf(method, caller('10.0.0.1'), 3000)).to.equal('old')
    expect(table.sideOf(method, { ...caller(''), uid: '5357305' }, 3000)).to.equal('new')
  })
})
