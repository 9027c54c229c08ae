import { expect } from 'chai'
import { withOwnAccount } from './own-account.js'

withOwnAccount('renewRecoveryCodes', ({ enter, ask, send, addTotp, entriesOf, wantsProof }) => {
  it('replaces all recovery codes by ten others, which the database does not hold', async () => {
    const admin = await enter()
    const { codes } = await addTotp(admin)
    const renewed = (await ask(admin, 'renewRecoveryCodes'))['recovery_codes'] as string[]
    expect(new Set([...codes, ...renewed]).size).to.equal(20)
    expect((await ask(admin, 'get'))['recovery_codes']).to.equal(10)
    expect(await entriesOf(admin)).to.have.length(1)
    for (const code of renewed) expect(JSON.stringify(await entriesOf(admin))).to.not.include(code)
  })

  it('refuses who has no second factor', async () => {
    expect((await send(await enter())).json).to.include({ error: 'OPERATION_FAILED' })
  })

  wantsProof()
})
