import { expect } from 'chai'
import { listOutboxMessages } from '../../../db/outbox-messages.js'
import { statementsDuring } from '../../db/statements.js'
import { withGateway } from '../../suite.js'

/** What a call made the server do before it answered. */
interface Work {
  readonly body: string
  readonly statements: readonly string[]
  readonly hashes: number
  readonly sends: number
}

/** Methods that must not tell whether an address is known (passport.md §5). */
const secretMethods = ['web.passport.sendVerifyEmailInfo', 'app.register.backpwdByEmail']

withGateway('methods that must not tell whether an address is known', { LOG_LEVEL: 'silent' }, (gateway) => {
  before(async () => {
    // Only what the call does is counted, not what the queue does in the background.
    await gateway.services.queue.stop()
    await gateway.addUser({ email: 'verified@example.com' })
    await gateway.addUser({ email: 'unverified@example.com', verified: false })
    const { uid } = await gateway.addUser({ email: 'old@example.com' })
    await gateway
      .db('account_user_base')
      .where({ user_id: uid })
      .update({ user_password: 'e99a18c428cb38d5f260853678922e03', user_salt: '' })
  })

  async function observe(method: string, email: string): Promise<Work> {
    const { db, passwords } = gateway.services
    const sentBefore = (await listOutboxMessages(db, 1000)).length
    const hashesBefore = passwords.pressure().done
    const { result, statements } = await statementsDuring(db, () => gateway.call(method, { email }))
    const sends = (await listOutboxMessages(db, 1000)).length - sentBefore
    return { body: result.text, statements, hashes: passwords.pressure().done - hashesBefore, sends }
  }

  for (const method of secretMethods) {
    it(`${method} does the same work and answers the same for known, old-hash and unknown addresses`, async () => {
      const unknown = await observe(method, 'nobody@example.com')
      expect(unknown.statements).to.have.length.greaterThan(2)
      for (const known of ['verified', 'unverified', 'old'])
        expect(await observe(method, `${known}@example.com`)).to.deep.equal(unknown)
    })
  }
})
