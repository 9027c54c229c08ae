import { expect } from 'chai'
import { statementsDuring } from '../../db/statements.js'
import type { HttpAnswer } from '../../fetch-answer.js'
import type { TestUser } from '../../harness.js'
import { createAccountClient, manyCodes } from '../../methods/front/account/account-client.js'
import { prepared, withGateway } from '../../suite.js'

/** BEGIN and COMMIT are counted too: each is a round trip to the database. */
withGateway('the statements of calls that write', manyCodes, (gateway, database) => {
  const client = createAccountClient(gateway)
  const user = prepared(before, async () => {
    const made = await gateway.addUser({ mobile: '13900000001' })
    await gateway.services.db('account_user_login').insert({ user_id: made.uid })
    return made
  })
  const other = prepared(before, () => gateway.addUser())
  before(() => gateway.services.queue.stop())
  // The limits of the caller's address have their rows from its first try of a code on.
  before(async () => (await byMobile('13900000009'))())

  /** What a call did before it was answered. */
  async function statementsOf(call: () => Promise<HttpAnswer>): Promise<readonly string[]> {
    // What was kept of former sign-ins is written beside this call, whoever makes it.
    await gateway.services.signInRecords.flush()
    const { result, statements } = await statementsDuring(gateway.services.db, call)
    expect(result.json, result.text).to.satisfy(
      ({ status, code }: NonNullable<HttpAnswer['json']>) => code === 200 || (code === 0 && status === 200),
    )
    // In production a message is no row of the outbox.
    return statements.filter((sql) => !sql.includes('outbox_message'))
  }
  const expectAtMost = async (most: number, call: () => Promise<HttpAnswer>) => {
    const statements = await statementsOf(call)
    expect(statements, statements.join('\n')).to.have.length.within(1, most)
  }
  const signIn = ({ password }: TestUser) =>
    client.post('login/login', { user_account: '13900000001', password })
  const byMobile = async (verify_key: string) => {
    const verify_code = await client.receiveCode(verify_key)
    return () => client.post('login/doSmsLogin', { verify_key, verify_code })
  }
  const writes = (statements: readonly string[]) =>
    statements.filter((sql) => !/^select/i.test(sql)).map((sql) => sql.replaceAll('`', '').split(' (')[0])

  it('of a sign-in by password are four, of the first one of a day twelve', async () => {
    await expectAtMost(12, () => signIn(user))
    const statements = await statementsOf(() => signIn(user))
    expect(statements).to.have.length(4)
    expect(writes(statements)).to.deep.equal([
      'insert into login_failure',
      'delete from login_failure where subject = ?',
      'insert into user_session',
    ])
  })

  it('of a password that an application asks about are three', () =>
    expectAtMost(3, () =>
      gateway.call('web.passport.verifyUserPwd', { uid: String(user.uid), password: user.password }),
    ))

  it('of a registration by text message are 22, of a sign-in by one nine', async () => {
    await expectAtMost(22, await byMobile('13900000002'))
    await expectAtMost(9, await byMobile('13900000002'))
    const verify_code = await client.receiveCode('13900000003')
    const form = { bind_type: '1', user_account: '13900000003', verify_code, password: 'a new password' }
    await expectAtMost(23, () => client.post('login/register', form))
  })

  // All but one before the vendor is asked: once a code is delivered, it takes the place of those before it.
  it('of a code that is sent are five, of the next one six, and of one that is right six', async () => {
    const number = { area: '86', mobile: '13900000004' }
    // SQLite deletes without knowing whether there is anything to delete: no round trip is saved there.
    await expectAtMost(database.kind === 'sqlite' ? 6 : 5, () =>
      gateway.call('web.passport.sendcode', number),
    )
    await expectAtMost(6, () => gateway.call('web.passport.sendcode', number))
    const code = await gateway.lastCode(number.mobile)
    await expectAtMost(6, () => gateway.call('web.passport.checkcode', { ...number, code }))
  })

  it('of a message to another user are seven, of an address six', async () => {
    const token = await user.startSession()
    // The session is looked up by the first call.
    await client.get('user/info', {}, token)
    const message = { user_other_id: String(other.uid), message_content: 'hello' }
    await expectAtMost(7, () => client.post('userMessage/add', message, token))
    const address = {
      ud_name: '张三',
      ud_mobile: '13900000001',
      ud_province: '上海',
      ud_address: '1',
      ud_is_default: '1',
    }
    await expectAtMost(6, () => client.post('userDeliveryAddress/add', address, token))
  })
})
