import { expect } from 'chai'
import { saveBinding } from '../../../../db/bindings.js'
import { findCredentials } from '../../../../db/credentials.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { paramError, passwordMalformed, uidMissing, userNotExists, userSucceeded } from '../../../answers.js'
import { type CallOptions, startGateway, type TestGateway } from '../../../harness.js'
import { usualHashes } from '../../../password-cost.js'
import { onEachDatabase } from '../../../servers/databases.js'

let gateway: TestGateway
let lastNumber = 13_600_000_000
const newMobile = (): string => String(++lastNumber)

async function change(uid: number | string, newPassword: string, options?: CallOptions): Promise<string> {
  const params = { uid: String(uid), newPassword }
  const { status, text } = await gateway.call('web.passport.changePwd', params, options)
  expect(status).to.equal(200)
  return text
}

async function verify(uid: number, password: string): Promise<number | undefined> {
  return (await gateway.call('web.passport.verifyUserPwd', { uid: String(uid), password })).json?.code
}

onEachDatabase('web.passport.changePwd', (database) => {
  before(async () => {
    gateway = await startGateway(database, usualHashes)
  })
  after(() => gateway.close())

  it('sets a new password, which alone is right from then on', async () => {
    const { uid, password } = await gateway.addUser()
    expect(await change(uid, '新的密码 with space ')).to.equal(userSucceeded)
    expect(await verify(uid, '新的密码 with space ')).to.equal(200)
    expect(await verify(uid, '新的密码 with space')).to.equal(10012)
    expect(await verify(uid, password)).to.equal(10012)
    expect(await change(uid, 'by form', { verb: 'POST' })).to.equal(userSucceeded)
    expect(await verify(uid, 'by form')).to.equal(200)
  })

  it('wants the new password before the uid, then the rule kept, then the user', async () => {
    const { uid, password } = await gateway.addUser()
    const { text } = await gateway.call('web.passport.changePwd')
    expect(text).to.equal(paramError)
    expect(await change('x', '')).to.equal(paramError)
    expect(await change('x', 'short')).to.equal(uidMissing)
    expect(await change('', 'long enough')).to.equal(uidMissing)
    expect(await change(999_999_999, 'short')).to.equal(passwordMalformed)
    expect(await change(uid, 'a'.repeat(65))).to.equal(passwordMalformed)
    expect(await change(uid, 'line\nbreak')).to.equal(passwordMalformed)
    expect(await change(999_999_999, 'long enough')).to.equal(userNotExists)
    expect(await verify(uid, password)).to.equal(200)
  })

  it('takes 6 to 64 characters', async () => {
    const { uid } = await gateway.addUser()
    for (const password of ['sixsix', '密'.repeat(64)]) {
      expect(await change(uid, password)).to.equal(userSucceeded)
      expect(await verify(uid, password)).to.equal(200)
    }
  })

  it('refuses well-known passwords, except for legacy applications', async () => {
    const { uid } = await gateway.addUser()
    const app = await gateway.addApp({ scheme: 'hmac-sha256' })
    expect(await change(uid, '123456', { app })).to.equal(passwordMalformed)
    expect(await change(uid, 'pa$sed, not common', { app })).to.equal(userSucceeded)
    expect(await change(uid, '123456')).to.equal(userSucceeded)
    expect(await verify(uid, '123456')).to.equal(200)
  })

  it('ends all sessions of the user, and of nobody else', async () => {
    const [user, other] = [await gateway.addUser(), await gateway.addUser()]
    const { sessions } = gateway.services
    const tokens = [await user.startSession(), await user.startSession(), await other.startSession()]
    const owners = async () =>
      Promise.all(
        tokens.map((token) =>
          sessions.verify(token).then(
            ({ userId }) => userId,
            (error: unknown) => (error instanceof GatewayError ? error.key : error),
          ),
        ),
      )
    expect(await owners()).to.deep.equal([user.uid, user.uid, other.uid])
    expect(await change(user.uid, 'short')).to.equal(passwordMalformed)
    expect(await owners()).to.deep.equal([user.uid, user.uid, other.uid])
    expect(await change(user.uid, 'long enough')).to.equal(userSucceeded)
    expect(await owners()).to.deep.equal(['TOKEN_BROKEN', 'TOKEN_BROKEN', other.uid])
  })

  it('lets a user with a verified e-mail address know by mail', async () => {
    const mobile = newMobile()
    const { uid } = await gateway.addUser({ email: 'Mailed@example.com', mobile })
    expect(await change(uid, 'long enough')).to.equal(userSucceeded)
    const mails = await gateway.sentTo('mailed@example.com')
    expect(mails.map(({ channel, subject }) => ({ channel, subject }))).to.deep.equal([
      { channel: 'mail', subject: '密码已修改 / Password changed' },
    ])
    expect(mails[0]?.text).to.include('您的账号密码已修改。').and.not.include('long enough')
    expect(await gateway.sentTo(`+86${mobile}`)).to.have.length(0)
  })

  it('lets a user without one know by text message', async () => {
    const mobile = newMobile()
    const { uid } = await gateway.addUser({ mobile })
    expect(await change(uid, 'long enough')).to.equal(userSucceeded)
    const messages = await gateway.sentTo(`+86${mobile}`)
    expect(messages.map(({ channel }) => channel)).to.deep.equal(['sms'])
    expect(messages[0]?.text).to.include('您的账号密码已修改。').and.not.include('long enough')
  })

  it('tells the number the user owns, also where the row shows none or has its area twice', async () => {
    for (const user_mobile of ['', '+8613912349876']) {
      const mobile = newMobile()
      const { uid } = await gateway.addUser({ mobile })
      await gateway.db('account_user_info').where({ user_id: uid }).update({ user_mobile })
      await saveBinding(gateway.db, { bind_type: 1, bind_id: `+86${mobile}`, user_id: uid, bind_time: 1 })
      expect(await change(uid, 'long enough')).to.equal(userSucceeded)
      expect(await gateway.sentTo(`+86${mobile}`), user_mobile).to.have.length(1)
    }
  })

  it('tells no address that is not verified, and nobody when nothing has changed', async () => {
    const [claimed, verified] = [newMobile(), newMobile()]
    const { uid } = await gateway.addUser({ email: 'claimed@example.com', mobile: claimed, verified: false })
    const other = await gateway.addUser({ mobile: verified })
    expect(await change(uid, 'long enough')).to.equal(userSucceeded)
    expect(await change(other.uid, 'short')).to.equal(passwordMalformed)
    for (const address of ['claimed@example.com', `+86${claimed}`, `+86${verified}`])
      expect(await gateway.sentTo(address), address).to.have.length(0)
  })

  it('stores argon2id, and drops the salt of an old hash', async () => {
    const { uid } = await gateway.addUser()
    await gateway
      .db('account_user_base')
      .where({ user_id: uid })
      .update({ user_password: 'de547389a9213b8d50bac3621c9d396b', user_salt: '0123456789abcdef'.repeat(2) })
    expect(await verify(uid, 'abc124')).to.equal(10012)
    expect(await change(uid, 'long enough')).to.equal(userSucceeded)
    const stored = await findCredentials(gateway.db, uid)
    expect(stored?.user_password).to.match(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(stored?.user_salt).to.equal('')
    expect(await verify(uid, 'long enough')).to.equal(200)
    expect(await verify(uid, 'abc123')).to.equal(10012)
  })

  it('keeps passwords out of the log', async () => {
    const { uid } = await gateway.addUser()
    await change(uid, 'a-password-to-look-for')
    expect(gateway.logLines.join('\n')).to.include('web.passport.changePwd')
    expect(gateway.logLines.join('\n')).to.not.include('a-password-to-look-for')
  })
})

onEachDatabase('web.passport.changePwd without the blocklist', (database) => {
  before(async () => {
    gateway = await startGateway(database, { PASSWORD_BLOCKLIST: 'off' })
  })
  after(() => gateway.close())

  it('takes well-known passwords of any application', async () => {
    const { uid } = await gateway.addUser()
    const app = await gateway.addApp({ scheme: 'hmac-sha256' })
    expect(await change(uid, '123456', { app })).to.equal(userSucceeded)
  })
})
