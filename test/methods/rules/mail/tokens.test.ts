import { expect } from 'chai'
import { transaction } from '../../../../db/transaction.js'
import { deleteExpiredRows } from '../../../../db/expired-rows.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import {
  consumeMailToken,
  issueMailToken,
  type MailToken,
  readMailToken,
} from '../../../../methods/rules/mail/tokens.js'
import { withGateway } from '../../../suite.js'

const issuedAt = 1458378392

withGateway('mail tokens', (gateway) => {
  let userId: number
  before(async () => {
    userId = (await gateway.addUser()).uid
  })
  beforeEach(() => gateway.clock.freeze(issuedAt * 1000 + 999))

  const issue = (claims: Partial<MailToken> = {}) =>
    issueMailToken(gateway.services, {
      purpose: 'verify-email',
      userId,
      email: 'a@example.com',
      generation: 0,
      ...claims,
    })
  const read = (token: string) => readMailToken(gateway.services, token)
  const consume = (token: MailToken) =>
    transaction(gateway.services, (services) => consumeMailToken(services, token))

  it('carry user, address, purpose and time', async () => {
    const token = await read(issue())
    expect(token).to.include({ purpose: 'verify-email', userId, email: 'a@example.com', issuedAt })
    expect(token.tokenId).to.match(/^[0-9a-f]{24}$/)
  })

  it('tell nobody else what they carry, and are never the same twice', () => {
    const tokens = [issue(), issue()]
    expect(tokens[0]).to.not.equal(tokens[1])
    for (const token of tokens) {
      expect(token).to.match(/^[\w-]+$/)
      expect(Buffer.from(token, 'base64url').toString('latin1')).to.not.contain('example')
    }
  })

  it('are good for 86400 seconds', async () => {
    const token = issue()
    for (const age of [0, 1, 86_399, 86_400]) {
      gateway.clock.freeze((issuedAt + age) * 1000)
      expect((await read(token)).userId, `${age} s`).to.equal(userId)
    }
    for (const age of [86_401, 86_402, 1_000_000]) {
      gateway.clock.freeze((issuedAt + age) * 1000)
      await expectInvalid(read(token), `${age} s`)
    }
  })

  it('are read as often as one likes and used once', async () => {
    const sealed = issue()
    const token = await read(sealed)
    await read(sealed)
    await consume(token)
    await expectInvalid(read(sealed))
    await expectInvalid(consume(token))
  })

  it('stay good when what they were used for does not happen', async () => {
    const sealed = issue()
    const token = await read(sealed)
    const failing = transaction(gateway.services, async (services) => {
      await consumeMailToken(services, token)
      throw new Error('something else went wrong')
    })
    await failing.catch(() => {})
    expect((await read(sealed)).tokenId).to.equal(token.tokenId)
  })

  it('stay used for as long as they would be good', async () => {
    const sealed = issue()
    await consume(await read(sealed))
    gateway.clock.freeze((issuedAt + 86_400) * 1000 + 999)
    await deleteExpiredRows(gateway.db, gateway.clock.now())
    await expectInvalid(read(sealed))
  })

  it('are no good when empty, forged, cut, changed, or sealed for something else', async () => {
    const sealed = issue()
    const spoilt = ['', 'abcdef', sealed.slice(0, -2), `${sealed}AA`, sealed.replace(/^./, swap)]
    for (const text of spoilt) await expectInvalid(read(text), text)
    await expectInvalid(read(gateway.services.vault.seal('app-secret', JSON.stringify(await read(sealed)))))
  })

  it('set a password only as long as no session generation has passed, and only for a user there is', async () => {
    const recovery = issue({ purpose: 'reset-password' })
    expect((await read(recovery)).purpose).to.equal('reset-password')
    await expectInvalid(read(issue({ purpose: 'reset-password', userId: 99999999 })))
    await gateway.services.sessions.endAll(gateway.db, userId)
    await expectInvalid(read(recovery))
    expect((await read(issue({ purpose: 'reset-password', generation: 1 }))).userId).to.equal(userId)
  })
})

/** Changes the first letter, which stands for bits of the initialisation vector. */
function swap(letter: string): string {
  return letter === 'A' ? 'B' : 'A'
}

async function expectInvalid(promise: Promise<unknown>, what = ''): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error, what).to.be.instanceOf(GatewayError).with.property('key', 'CODE_IS_INVALID')
}
