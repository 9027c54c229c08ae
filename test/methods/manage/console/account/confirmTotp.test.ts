import { expect } from 'chai'
import { codeWrong, withOwnAccount } from './own-account.js'

withOwnAccount('confirmTotp', ({ enter, ask, send, codeOf, entriesOf, gateway, wantsProof }) => {
  it('adds the authenticator app by a code of the newest key, with recovery codes for the first factor', async () => {
    const admin = await enter()
    const [former, newest] = [await ask(admin, 'startTotp'), await ask(admin, 'startTotp')]
    expect((await send(admin, { code: codeOf(String(former['secret'])) })).text).to.equal(codeWrong)
    const added = await ask(admin, 'confirmTotp', { code: codeOf(String(newest['secret'])) })
    expect(added['recovery_codes']).to.have.length(10)
    expect(await entriesOf(admin)).to.have.length.above(0)
    expect(JSON.stringify(await entriesOf(admin))).to.not.include(String(newest['secret']))
  })

  it('gives no new recovery codes to who has some', async () => {
    const admin = await enter()
    for (const wanted of [10, 0]) {
      const { secret } = await ask(admin, 'startTotp')
      const added = await ask(admin, 'confirmTotp', { code: codeOf(String(secret)) })
      expect(added['recovery_codes']).to.have.length(wanted)
      gateway.clock.advance(30_000)
    }
  })

  it('refuses a code before a key was asked for', async () => {
    expect((await send(await enter(), { code: '123456' })).text).to.equal(codeWrong)
  })

  wantsProof({ code: '123456' })
})
