import { expect } from 'chai'
import { availableParallelism } from 'node:os'
import { findCredentials } from '../../../../db/credentials.js'
import { passwordMalformed, uidMissing, userNotExists, userSucceeded } from '../../../answers.js'
import { usualHashes } from '../../../password-cost.js'
import { withGateway } from '../../../suite.js'

const wrong = '{"code":10012,"message":"密码错误"}'
const paused = '{"code":10013,"message":"登录失败次数过多，请稍后再试"}'
const overloaded = '{"code":999,"message":"服务繁忙，请稍后再试"}'

withGateway('web.passport.verifyUserPwd', { ...usualHashes, HASH_QUEUE: '0' }, (gateway) => {
  before(() => gateway.clock.freeze(Date.UTC(2026, 0, 5, 8)))

  async function verify(uid: number | string, password: string): Promise<string> {
    const answer = await gateway.call('web.passport.verifyUserPwd', { uid: String(uid), password })
    expect(answer.status).to.equal(200)
    return answer.text
  }

  async function fail(uid: number, count: number): Promise<void> {
    for (let n = 0; n < count; n++) expect(await verify(uid, `wrong ${n}`)).to.equal(wrong)
  }

  it('tells whether a password is right', async () => {
    const { uid, password } = await gateway.addUser()
    expect(await verify(uid, password)).to.equal(userSucceeded)
    for (const other of [`${password} `, password.toUpperCase(), password.slice(1), '密码'])
      expect(await verify(uid, other), other).to.equal(wrong)
  })

  it('checks the uid, then that there is a password, then the user', async () => {
    const { uid } = await gateway.addUser()
    for (const malformed of ['', 'x', '-1', '1.5', '0x10', ' 1', '99999999999999999'])
      expect(await verify(malformed, ''), malformed).to.equal(uidMissing)
    expect(await verify(uid, '')).to.equal(passwordMalformed)
    expect(await verify(999_999_999, '')).to.equal(passwordMalformed)
    expect(await verify(999_999_999, 'any password')).to.equal(userNotExists)
    const { text } = await gateway.call('web.passport.verifyUserPwd', { uid: String(uid) })
    expect(text).to.equal(passwordMalformed)
  })

  it('pauses after five wrong passwords, for the right one too', async () => {
    const { uid, password } = await gateway.addUser()
    await fail(uid, 5)
    const refused = await gateway.call('web.passport.verifyUserPwd', { uid: String(uid), password })
    expect([refused.status, refused.text]).to.deep.equal([200, paused])
    expect(refused.headers.get('retry-after')).to.equal('1')
    gateway.clock.advance(999)
    expect(await verify(uid, password)).to.equal(paused)
    gateway.clock.advance(1)
    expect(await verify(uid, password)).to.equal(userSucceeded)
  })

  it('doubles the pause with each wrong password more', async () => {
    const { uid, password } = await gateway.addUser()
    await fail(uid, 5)
    for (const seconds of [1, 2, 4]) {
      gateway.clock.advance(seconds * 1000 - 1)
      expect(await verify(uid, password)).to.equal(paused)
      gateway.clock.advance(1)
      expect(await verify(uid, 'wrong again')).to.equal(wrong)
    }
    gateway.clock.advance(8000)
    expect(await verify(uid, password)).to.equal(userSucceeded)
  })

  it('forgets wrong passwords after the right one, and counts each user alone', async () => {
    const [first, second] = [await gateway.addUser(), await gateway.addUser()]
    await fail(first.uid, 4)
    expect(await verify(first.uid, first.password)).to.equal(userSucceeded)
    await fail(first.uid, 5)
    expect(await verify(first.uid, first.password)).to.equal(paused)
    expect(await verify(second.uid, second.password)).to.equal(userSucceeded)
  })

  it('takes a hash of the old gateway and replaces it by argon2id', async () => {
    const { uid } = await gateway.addUser()
    const stored = `5821d8466fa236d15877025778d69f09:${'A'.repeat(32)}`
    await gateway
      .db('account_user_base')
      .where({ user_id: uid })
      .update({ user_password: stored, user_salt: '' })
    const credentials = async () => (await findCredentials(gateway.db, uid))?.user_password
    expect(await verify(uid, 'abc124')).to.equal(wrong)
    expect(await credentials()).to.equal(stored)
    expect(await verify(uid, 'abc123')).to.equal(userSucceeded)
    expect(await credentials()).to.match(/^\$argon2id\$/)
    expect(await verify(uid, 'abc123')).to.equal(userSucceeded)
    expect(await verify(uid, 'abc124')).to.equal(wrong)
  })

  it('answers 503 with Retry-After when too many hashes wait, and counts no failure', async () => {
    const { uid, password } = await gateway.addUser()
    const calm = keepBusy()
    try {
      for (let n = 0; n < 6; n++) {
        const answer = await gateway.call('web.passport.verifyUserPwd', { uid: String(uid), password })
        expect([answer.status, answer.text]).to.deep.equal([503, overloaded])
        expect(answer.headers.get('retry-after')).to.equal('1')
      }
    } finally {
      await calm()
    }
    expect(await verify(uid, password)).to.equal(userSucceeded)
  })

  /** Keeps every core busy with hashes, without a gap, until told to stop. */
  function keepBusy(): () => Promise<void> {
    const { passwords } = gateway.services
    const stop = new AbortController()
    const keepHashing = async () => {
      while (!stop.signal.aborted) await passwords.hash('kept busy')
    }
    const loops = Array.from({ length: availableParallelism() }, keepHashing)
    return async () => {
      stop.abort()
      await Promise.all(loops)
    }
  }

  it('takes many right passwords of one user at once', async () => {
    const { uid, password } = await gateway.addUser()
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify(uid, password)))
    expect(new Set(answers)).to.deep.equal(new Set([userSucceeded]))
  })

  it('keeps passwords out of the log', async () => {
    const { uid } = await gateway.addUser()
    await verify(uid, 'a-password-to-look-for')
    expect(gateway.logLines.join('\n')).to.include('web.passport.verifyUserPwd')
    expect(gateway.logLines.join('\n')).to.not.include('a-password-to-look-for')
  })
})
