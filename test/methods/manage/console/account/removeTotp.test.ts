import { expect } from 'chai'
import { withOwnAccount } from './own-account.js'

withOwnAccount('removeTotp', ({ enter, ask, send, addTotp, entriesOf, wantsProof }) => {
  it('takes the authenticator app away, where no second factor is demanded', async () => {
    const admin = await enter()
    await addTotp(admin)
    expect((await send(admin)).json).to.include({ code: 0 })
    expect((await ask(admin, 'get'))['totp']).to.equal(false)
    expect(await entriesOf(admin)).to.have.length(1)
  })

  it('refuses who has none', async () => {
    expect((await send(await enter())).json).to.include({ error: 'OPERATION_FAILED' })
  })

  wantsProof()
})
