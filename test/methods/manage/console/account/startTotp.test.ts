import { expect } from 'chai'
import { withOwnAccount } from './own-account.js'

withOwnAccount('startTotp', ({ enter, ask, entriesOf, wantsProof }) => {
  it('makes a key that counts for nothing until a code of it is confirmed', async () => {
    const admin = await enter()
    const { secret, uri } = await ask(admin, 'startTotp')
    expect(secret).to.match(/^[A-Z2-7]{32,}$/)
    expect(uri)
      .to.include(`secret=${String(secret)}`)
      .and.include(admin.account)
    expect((await ask(admin, 'get'))['totp']).to.equal(false)
    expect((await ask(admin, 'startTotp'))['secret']).to.not.equal(secret)
    expect(await entriesOf(admin)).to.have.length(2)
    expect(JSON.stringify(await entriesOf(admin))).to.not.include(secret)
  })

  wantsProof()
})
