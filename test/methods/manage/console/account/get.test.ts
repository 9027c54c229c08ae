import { expect } from 'chai'
import { withOwnAccount } from './own-account.js'

withOwnAccount('get', ({ enter, ask, addTotp }) => {
  it('tells second factors, recovery codes and sessions, whatever the role includes', async () => {
    const admin = await enter()
    expect(await ask(admin, 'get')).to.deep.include({ totp: false, recovery_codes: 0, passkeys: [] })
    const { secret, codes } = await addTotp(admin)
    const own = await ask(admin, 'get')
    expect(own).to.deep.include({ totp: true, recovery_codes: 10, passkeys: [] })
    const [session, ...others] = own['sessions'] as Record<string, unknown>[]
    expect(session).to.include({ is_own: true, ip: '127.0.0.1' })
    expect(others).to.deep.equal([])
    const told = JSON.stringify(own)
    for (const hidden of [secret, ...codes, admin.cookie.split('=')[1] ?? 'none'])
      expect(told).to.not.include(hidden)
  })
})
