import { expect } from 'chai'
import { makePasskey } from '../../../../software-passkey.js'
import { codeWrong, withOwnAccount } from './own-account.js'

withOwnAccount('addPasskey', ({ gateway, enter, ask, send, entriesOf, wantsProof }) => {
  it('adds what answers the newest challenge of the session, once, with recovery codes for the first factor', async () => {
    const admin = await enter()
    const passkey = makePasskey()
    const options = async () => String((await ask(admin, 'startPasskey'))['options'])
    const late = passkey.create(await options(), gateway.url)
    const response = passkey.create(await options(), gateway.url)
    expect((await send(admin, { response: late, label: '钥匙' })).text).to.equal(codeWrong)
    const added = await ask(admin, 'addPasskey', { response, label: '钥匙' })
    expect(added['recovery_codes']).to.have.length(10)
    expect((await send(admin, { response, label: '钥匙' })).text).to.equal(codeWrong)
    const { passkeys } = await ask(admin, 'get')
    expect((passkeys as { label: string }[]).map(({ label }) => label)).to.deep.equal(['钥匙'])
    expect(await entriesOf(admin)).to.have.length.above(0)
  })

  it('refuses an answer of another origin, of another session, and what is none', async () => {
    const [admin, other] = [await enter(), await enter()]
    const passkey = makePasskey()
    const options = async () => String((await ask(admin, 'startPasskey'))['options'])
    const elsewhere = passkey.create(await options(), 'https://evil.example')
    expect((await send(admin, { response: elsewhere })).text).to.equal(codeWrong)
    const response = passkey.create(await options(), gateway.url)
    expect((await send(other, { response })).text).to.equal(codeWrong)
    for (const nothing of ['{}', '[]', 'null', 'x'])
      expect((await send(admin, { response: nothing })).text).to.equal(codeWrong)
  })

  wantsProof({ response: '{}' })
})
