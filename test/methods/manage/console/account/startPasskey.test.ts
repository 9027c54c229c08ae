import { expect } from 'chai'
import { withOwnAccount } from './own-account.js'

withOwnAccount('startPasskey', ({ gateway, enter, ask, wantsProof }) => {
  it('answers options for the host of the page, with a challenge that is new each time', async () => {
    const admin = await enter()
    const optionsOf = async () =>
      JSON.parse(String((await ask(admin, 'startPasskey'))['options'])) as {
        challenge: string
        rp: { id: string }
        user: { name: string }
      }
    const [first, second] = [await optionsOf(), await optionsOf()]
    expect(first.rp.id).to.equal(new URL(gateway.url).hostname)
    expect(first.user.name).to.equal(admin.account)
    expect(first.challenge).to.not.equal(second.challenge)
  })

  wantsProof()
})
