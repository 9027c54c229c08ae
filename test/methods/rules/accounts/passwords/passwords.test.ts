import { expect } from 'chai'
import { type Credentials, findCredentials } from '../../../../../db/credentials.js'
import { GatewayError } from '../../../../../gateway/outcome/errors.js'
import type { Services } from '../../../../../gateway/services/services.js'
import type { ClientApp } from '../../../../../gateway/services/apps/apps.js'
import {
  checkNewPassword,
  type PasswordRule,
  passwordRuleOf,
} from '../../../../../methods/rules/accounts/passwords/rules.js'
import { renewHash, verifyPassword } from '../../../../../methods/rules/accounts/passwords/passwords.js'
import { setPassword } from '../../../../../methods/rules/accounts/passwords/changes.js'
import { withGateway } from '../../../../suite.js'

const [legacy, modern] = ['legacy', 'modern'] as const

async function accepts(password: string, rule: PasswordRule, passwordBlocklist = true): Promise<boolean> {
  const services = { config: { passwordBlocklist } } as Services
  try {
    await checkNewPassword(services, password, rule)
    return true
  } catch (error) {
    expect(error).to.be.instanceOf(GatewayError)
    expect(error).to.have.property('key').that.is.oneOf(['PASSWORD_INVALID', 'PASSWORD_CHARACTERS'])
    return false
  }
}

describe('a new password', () => {
  it('has 6 to 64 characters, whatever bytes they take', async () => {
    expect(await accepts('xq7!k', modern)).to.equal(false)
    expect(await accepts('xq7!kb', modern)).to.equal(true)
    expect(await accepts('密'.repeat(64), modern)).to.equal(true)
    expect(await accepts('密'.repeat(65), modern)).to.equal(false)
    expect(await accepts('👋'.repeat(64), modern)).to.equal(true)
    expect(await accepts('👋'.repeat(5), modern)).to.equal(false)
  })

  it('may hold any printable character, a space at either end too', async () => {
    for (const password of [
      ' a b c ',
      '~!@#$%^&*()_+',
      'пароль',
      '密码密码密码',
      'e\u0301e\u0301e\u0301',
      '\u{1F468}\u200D\u{1F469}abcd',
    ])
      expect(await accepts(password, modern), password).to.equal(true)
  })

  it('holds no controls, line breaks, half characters or unassigned ones', async () => {
    for (const inside of [
      '\0',
      '\t',
      '\n',
      '\r',
      '\x7f',
      '\x85',
      '\u2028',
      '\u2029',
      '\ud800',
      '\u0378',
      '\uffff',
    ])
      expect(await accepts(`secret${inside}phrase`, legacy), JSON.stringify(inside)).to.equal(false)
  })

  it('is none of the most common ones, in any case, except for legacy applications', async () => {
    for (const password of ['123456', 'password', 'PassWord', 'qwerty']) {
      expect(await accepts(password, modern), password).to.equal(false)
      expect(await accepts(password, legacy), password).to.equal(true)
      expect(await accepts(password, modern, false), password).to.equal(true)
    }
    expect(await accepts('short', legacy)).to.equal(false)
    expect(passwordRuleOf({ scheme: 'legacy' } as ClientApp)).to.equal('legacy')
    expect(passwordRuleOf({ scheme: 'hmac-sha256' } as ClientApp)).to.equal('modern')
  })
})

withGateway('a stored password', (gateway) => {
  before(() => gateway.clock.freeze(Date.UTC(2026, 0, 5, 8)))

  async function userWith(stored?: { user_password: string; user_salt: string }): Promise<Credentials> {
    const { uid } = await gateway.addUser()
    if (stored) await gateway.db('account_user_base').where({ user_id: uid }).update(stored)
    return readUser(uid)
  }

  async function readUser(uid: number): Promise<Credentials> {
    return (await findCredentials(gateway.db, uid)) ?? expect.fail('no such user')
  }

  async function outcome(work: Promise<void>): Promise<string> {
    return work.then(
      () => 'right',
      (error: unknown) => (error instanceof GatewayError ? error.key : String(error)),
    )
  }

  const verify = (user: Credentials, password: string): Promise<string> =>
    outcome(verifyPassword(gateway.services, user, password))

  /** What a sign-in does that has come to its end. */
  const signIn = (user: Credentials, password: string): Promise<string> =>
    outcome(
      verifyPassword(gateway.services, user, password).then(() =>
        renewHash(gateway.services, user, password),
      ),
    )

  it('of the shop is replaced by argon2id at the first success, and sessions stay', async () => {
    const salt = '0123456789abcdef'.repeat(2)
    const old = await userWith({ user_password: 'de547389a9213b8d50bac3621c9d396b', user_salt: salt })
    const { sessions, db } = gateway.services
    const token = await sessions.start(db, { userId: old.user_id, generation: 0, app: 'web', ip: '::1' })
    expect(await signIn(old, 'abc124')).to.equal('PASSWORD_WRONG')
    expect(await readUser(old.user_id)).to.deep.equal(old)
    expect(await verify(old, 'abc123')).to.equal('right')
    expect(await readUser(old.user_id), 'only the end of a sign-in replaces it').to.deep.equal(old)
    expect(await signIn(old, 'abc123')).to.equal('right')
    const renewed = await readUser(old.user_id)
    expect(renewed.user_password).to.match(/^\$argon2id\$/)
    expect(renewed.user_salt).to.equal('')
    expect(await signIn(renewed, 'abc123')).to.equal('right')
    expect(await readUser(old.user_id)).to.deep.equal(renewed)
    expect((await sessions.verify(token)).userId).to.equal(old.user_id)
  })

  it('is not replaced over one that was set in the meantime', async () => {
    const old = await userWith({ user_password: 'e99a18c428cb38d5f260853678922e03', user_salt: '' })
    await setPassword(gateway.services, { userId: old.user_id, password: 'set meanwhile' })
    expect(await signIn(old, 'abc123')).to.equal('right')
    const now = await readUser(old.user_id)
    expect(await verify(now, 'set meanwhile')).to.equal('right')
    expect(await verify(now, 'abc123')).to.equal('PASSWORD_WRONG')
  })

  it('pauses after five wrong tries, also of those that come in parallel', async () => {
    const user = await userWith()
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => verify(user, 'wrong password')))
    expect(outcomes.filter((each) => each === 'PASSWORD_WRONG')).to.have.length(5)
    expect(outcomes.filter((each) => each === 'TOO_MANY_FAILURES')).to.have.length(7)
    expect(await verify(user, 'right password')).to.equal('TOO_MANY_FAILURES')
  })

  it('counts no failure when it could not be compared', async () => {
    const { services } = gateway
    const user = await userWith()
    const passwords = { ...services.passwords, verify: () => Promise.reject(new GatewayError('UNAVAILABLE')) }
    for (let n = 0; n < 7; n++) {
      const tried = outcome(verifyPassword({ ...services, passwords }, user, 'right password'))
      expect(await tried).to.equal('UNAVAILABLE')
    }
    for (let n = 0; n < 4; n++) expect(await verify(user, 'wrong password')).to.equal('PASSWORD_WRONG')
    expect(await verify(user, 'right password')).to.equal('right')
  })

  it('changes together with what must happen before, or not at all', async () => {
    const user = await userWith()
    const { services } = gateway
    const change = (before: () => Promise<void>) =>
      outcome(setPassword(services, { userId: user.user_id, password: 'new password', before }))
    const refuse = () => Promise.reject(new GatewayError('CODE_IS_INVALID'))
    expect(await change(refuse)).to.equal('CODE_IS_INVALID')
    expect(await readUser(user.user_id)).to.deep.equal(user)
    expect(await change(() => Promise.resolve())).to.equal('right')
    const changed = await readUser(user.user_id)
    expect(changed.session_generation).to.equal(user.session_generation + 1)
    expect(await verify(changed, 'new password')).to.equal('right')
  })

  it('is not set for a user who does not exist', async () => {
    const change = setPassword(gateway.services, { userId: 999_999_999, password: 'new password' })
    expect(await outcome(change)).to.equal('USER_NOT_EXISTS')
  })
})
