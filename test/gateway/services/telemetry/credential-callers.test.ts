import { expect } from 'chai'
import { listCredentialCallers } from '../../../../db/credential-callers.js'
import { keepHouse } from '../../../../gateway/start/housekeeping.js'
import { withGatewayPerTest } from '../../../suite.js'

const dayMilliseconds = 86_400_000

withGatewayPerTest('callers with a password in the query', (gateway) => {
  const call = (app: string, at: number) => ({
    method: 'web.passport.verifyUserPwd',
    app,
    ip: `10.${at >> 8}.${at & 255}.1`,
    version: '1',
  })

  it('are told apart a thousand at a time, and the rest of a method counted together', async () => {
    const { credentialCallers, db } = gateway.services
    for (let at = 0; at < 1200; at++) {
      gateway.clock.freeze(Date.now() + at)
      credentialCallers.count(call(at < 600 ? 'one' : 'two', at))
    }
    await credentialCallers.flush()
    const [one, two] = [await listCredentialCallers(db, 'one'), await listCredentialCallers(db, 'two')]
    expect(two.map(({ network, calls }) => [network, calls])).to.deep.include(['', 200])
    expect(one).to.have.length(500)
    expect(two).to.have.length(401)
  })

  it('make room for those seen later, 500 of an application, and are forgotten after 90 days', async () => {
    const { credentialCallers, db } = gateway.services
    for (let at = 0; at < 700; at++) {
      gateway.clock.freeze(Date.now() + at)
      credentialCallers.count(call('three', at))
    }
    await credentialCallers.flush()
    const kept = await listCredentialCallers(db, 'three')
    expect(kept).to.have.length(500)
    expect(kept.some(({ network }) => network === '10.2.187.0/24')).to.equal(true)
    expect(kept.some(({ network }) => network === '10.0.0.0/24')).to.equal(false)
    gateway.clock.advance(91 * dayMilliseconds)
    await keepHouse(gateway.services)
    expect(await listCredentialCallers(db)).to.deep.equal([])
  })

  it('are not lost when the database is away for a while', async () => {
    const { credentialCallers, db } = gateway.services
    await db.schema.renameTable('credential_caller', 'away')
    credentialCallers.count(call('four', 1))
    await credentialCallers.flush().catch(() => {})
    await db.schema.renameTable('away', 'credential_caller')
    await credentialCallers.flush()
    expect(await listCredentialCallers(db, 'four')).to.have.length(1)
  })
})
