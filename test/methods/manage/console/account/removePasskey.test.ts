import { expect } from 'chai'
import { makePasskey } from '../../../../software-passkey.js'
import { withOwnAccount } from './own-account.js'

withOwnAccount('removePasskey', ({ gateway, enter, ask, send, wantsProof }) => {
  it('takes away one of the own passkeys, and nobody else’s', async () => {
    const [admin, other] = [await enter(), await enter()]
    const options = String((await ask(admin, 'startPasskey'))['options'])
    await ask(admin, 'addPasskey', { response: makePasskey().create(options, gateway.url) })
    const { passkeys } = await ask(admin, 'get')
    const [passkey] = passkeys as { passkey_id: string }[]
    expect((await send(other, passkey)).json).to.include({ error: 'OPERATION_FAILED' })
    expect((await send(admin, passkey)).json).to.include({ code: 0 })
    expect((await ask(admin, 'get'))['passkeys']).to.deep.equal([])
    expect((await send(admin, passkey)).json).to.include({ error: 'OPERATION_FAILED' })
  })

  wantsProof({ passkey_id: 'x' })
})
