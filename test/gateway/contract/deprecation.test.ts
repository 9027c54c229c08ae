import { expect } from 'chai'
import { compileTable } from '../../../gateway/contract/compile-table.js'
import { deprecationHeaders } from '../../../gateway/contract/deprecation.js'
import { createGateway } from '../../../gateway/gateway.js'
import { startServer } from '../../../gateway/server.js'
import { methodTable } from '../../../methods/table.js'
import { withGateway } from '../../suite.js'

describe('what is said of a method on its way out', () => {
  it('is when that began, as seconds, when it ends, as a date of HTTP, and what to call instead', () => {
    const said = { since: '2026-12-01', sunset: '2027-06-30', instead: 'front.account.user.info' }
    expect(deprecationHeaders(said)).to.deep.equal([
      'Deprecation',
      '@1796083200',
      'Sunset',
      'Wed, 30 Jun 2027 00:00:00 GMT',
      'Link',
      '</gateway/front.account.user.info>; rel="successor-version"',
    ])
  })

  it('says no end and no successor where there is none', () => {
    expect(deprecationHeaders({ since: '1970-01-02' })).to.deep.equal(['Deprecation', '@86400'])
  })

  it('takes days only', () => {
    for (const since of ['2026-02-30', '2026-13-01', '2026-1-1', 'soon', '', '2026-01-01T00:00:00Z'])
      expect(() => deprecationHeaders({ since }), since).to.throw(`x-deprecated: ${since} is no day`)
  })
})

withGateway('a method on its way out', (gateway) => {
  it('says so in every answer, on both wires, and no other does', async () => {
    const table = compileTable(methodTable)
    const deprecation = deprecationHeaders({ since: '2026-12-01' })
    const deprecated = new Set(['open.passport.get', 'front.account.user.info'])
    const byName = new Map(
      [...table.byName].map(([name, method]) => [
        name,
        deprecated.has(name) ? { ...method, deprecation } : method,
      ]),
    )
    const core = createGateway(gateway.services, { ...table, byName })
    const server = await startServer(core, gateway.services)
    try {
      const saidBy = async (path: string) => (await fetch(server.url + path)).headers.get('deprecation')
      expect(await saidBy('/gateway?method=open.passport.get')).to.equal('@1796083200')
      expect(await saidBy('/gateway/open.passport.get')).to.equal('@1796083200')
      expect(await saidBy('/front/account/user/info')).to.equal('@1796083200')
      expect(await saidBy('/gateway?method=web.passport.sendcode')).to.equal(null)
      expect(await saidBy('/front/account/login/logout')).to.equal(null)
    } finally {
      await server.drain()
    }
  })
})
