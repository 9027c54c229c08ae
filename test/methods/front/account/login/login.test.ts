import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import { expect } from 'chai'
import { updateState } from '../../../../../db/users.js'
import { codeWrong, refusal, signedInAs, userLocked } from '../../../../answers.js'
import type { TestUser } from '../../../../harness.js'
import { statementsDuring } from '../../../../db/statements.js'
import { isAlive, pictureText, tokenOf, withClient } from '../account-client.js'

const wrong = refusal(300, '用户名或者密码不正确', 'PASSWORD_WRONG')
const paused = refusal(300, '登录失败次数过多，请稍后再试', 'TOO_MANY_FAILURES')

withClient('front.account.login.login', (gateway, client) => {
  let lastMobile = 13_900_000_000
  const nextMobile = () => String(++lastMobile)
  const signIn = (user_account: string, password: string, more: Record<string, string> = {}) =>
    client.post('login/login', { user_account, password, ...more })
  const accountOf = async ({ uid }: TestUser) => {
    const row = await gateway.db('account_user_base').where({ user_id: uid }).first()
    return row?.user_account ?? ''
  }

  describe('signs in', () => {
    it('by the account, and answers a live token and the user id', async () => {
      const user = await gateway.addUser()
      const answer = await signIn(await accountOf(user), user.password)
      const token = tokenOf(answer)
      expect(answer.status).to.equal(200)
      expect(answer.text).to.equal(signedInAs(token, user.uid))
      expect(await isAlive(gateway, token)).to.equal(true)
    })

    it('by a verified number in every form, and by a verified e-mail in any case', async () => {
      const mobile = nextMobile()
      const { uid, password } = await gateway.addUser({ mobile, email: 'Signer@Example.com' })
      const names = [mobile, `+86${mobile}`, ` 86${mobile}`, `86${mobile}`, 'signer@example.COM']
      for (const name of names)
        expect((await signIn(name, password)).json?.data, name).to.include({ user_id: uid })
    })

    it('with everything in the query, by GET as by POST, under both spellings', async () => {
      const user = await gateway.addUser()
      const account = await accountOf(user)
      const query = new URLSearchParams({ userAccount: account, password: user.password, perm_id: '' })
      for (const method of ['GET', 'POST']) {
        const { json } = await gateway.request(`/front/account/login/login?${query.toString()}`, { method })
        expect(json?.data).to.include({ user_id: user.uid })
      }
      const { json } = await gateway.request(`/gateway?method=front.account.login.login&${query.toString()}`)
      expect(json).to.include({ code: 200, message: '操作成功' })
    })

    it('with a password that came encrypted, and not with one that cannot be decrypted', async () => {
      const user = await gateway.addUser({ password: '密码 with words' })
      const account = await accountOf(user)
      const der = Buffer.from(await gateway.services.loginKey.publicKey(), 'base64')
      const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
      const padding = constants.RSA_PKCS1_PADDING
      const encrypted = publicEncrypt({ key, padding }, Buffer.from(user.password)).toString('base64')
      expect((await signIn(account, encrypted, { encrypt: 'true' })).json?.['status']).to.equal(200)
      expect((await signIn(account, encrypted)).text).to.equal(wrong)
      expect((await signIn(account, user.password, { encrypt: 'true' })).text).to.equal(wrong)
    })

    it('a user who is not active yet, and one of the old shop, whose hash is replaced', async () => {
      const { db } = gateway
      const user = await gateway.addUser()
      await updateState(db, user.uid, 2)
      expect((await signIn(await accountOf(user), user.password)).json?.['status']).to.equal(200)
      const old = await gateway.addUser()
      const salt = '0123456789abcdef'.repeat(2)
      await db('account_user_base')
        .where({ user_id: old.uid })
        .update({ user_password: 'de547389a9213b8d50bac3621c9d396b', user_salt: salt })
      expect((await signIn(await accountOf(old), 'abc123')).json?.['status']).to.equal(200)
      const row = await db('account_user_base').where({ user_id: old.uid }).first()
      expect(row?.user_password).to.match(/^\$argon2id\$/)
      expect((await signIn(await accountOf(old), 'abc123')).json?.['status']).to.equal(200)
    })

    it('and leaves a row in the history and one in the audit', async () => {
      const user = await gateway.addUser()
      await signIn(await accountOf(user), user.password)
      const { db, signInRecords } = gateway.services
      await signInRecords.flush()
      const history = await db('account_user_login_history').where({ user_id: user.uid })
      expect(history).to.have.length(1)
      expect(history[0]).to.include({ user_login_ip: '127.0.0.1', user_login_state: 1 })
      const audit = await gateway.db('audit_entry').where({ target_id: user.uid })
      expect(audit).to.have.length(1)
      expect(audit[0]).to.include({
        action: 'front.account.login.login',
        outcome: 'ok',
        actor_id: user.uid,
        ip: '127.0.0.1',
      })
    })

    it('the owner of a number before a user whose account looks like it', async () => {
      const mobile = nextMobile()
      const owner = await gateway.addUser({ mobile, password: 'of the owner' })
      const other = await gateway.addUser({ password: 'of the other' })
      await gateway.db('account_user_base').where({ user_id: other.uid }).update({ user_account: mobile })
      expect((await signIn(mobile, 'of the owner')).json?.data).to.include({ user_id: owner.uid })
      expect((await signIn(mobile, 'of the other')).text).to.equal(wrong)
    })
  })

  describe('refuses', () => {
    it('wrong passwords, unknown users and missing fields with the same answer', async () => {
      const user = await gateway.addUser()
      const account = await accountOf(user)
      const claims: [string, string][] = [
        [account, 'not the password'],
        [account, ''],
        [account, 'null'],
        ['', user.password],
        ['undefined', user.password],
        ['nobody', user.password],
        ['nobody@example.com', user.password],
        [nextMobile(), user.password],
        [`' OR 1=1 --`, user.password],
        ['x'.repeat(256), user.password],
        ['', ''],
      ]
      for (const [name, password] of claims) {
        const { status, text } = await signIn(name, password)
        expect(status).to.equal(200)
        expect(text, `${name} ${password}`).to.equal(wrong)
      }
      expect((await client.post('login/login')).text).to.equal(wrong)
    })

    it('an e-mail that is only claimed, but not a number: users of an old shop have it without proof', async () => {
      const mobile = nextMobile()
      const email = 'claimed@example.com'
      const { password } = await gateway.addUser({ mobile, email, verified: false })
      expect((await signIn(email, password)).text).to.equal(wrong)
      expect((await signIn(mobile, password)).json).to.include({ status: 200, code: 0 })
    })

    it('locked users, but tells so only after the right password', async () => {
      const user = await gateway.addUser()
      const account = await accountOf(user)
      await updateState(gateway.db, user.uid, 0)
      expect((await signIn(account, 'not the password')).text).to.equal(wrong)
      expect((await signIn(account, user.password)).text).to.equal(userLocked)
      await gateway.services.signInRecords.flush()
      const audit = gateway.db('audit_entry').where({ target_id: user.uid }).orderBy('audit_id')
      expect(await audit.pluck('outcome')).to.deep.equal(['PASSWORD_WRONG', 'USER_LOCKED'])
      expect(await gateway.db('user_session').where({ user_id: user.uid })).to.have.length(0)
    })

    it('a wrong answer to a picture before it looks at the password; a picture is used up by one check', async () => {
      const user = await gateway.addUser()
      const account = await accountOf(user)
      const key = await client.drawPicture()
      const withPicture = (verify_code: string) => ({ verify_key: key, verify_code })
      expect((await signIn(account, user.password, withPicture('oops'))).text).to.equal(codeWrong)
      expect((await signIn(account, user.password, withPicture(pictureText))).text).to.equal(codeWrong)
      const other = { verify_key: await client.drawPicture(), verify_code: pictureText.toUpperCase() }
      expect((await signIn(account, user.password, other)).json?.['status']).to.equal(200)
      const none = { verify_key: '', verify_code: 'oops' }
      expect((await signIn(account, user.password, none)).json?.['status']).to.equal(200)
      const missing = { verify_key: await client.drawPicture() }
      expect((await signIn(account, user.password, missing)).text).to.equal(codeWrong)
    })
  })

  describe('pauses', () => {
    it('after five wrong passwords, for users and for names that nobody has, whatever form they come in', async () => {
      const mobile = nextMobile()
      const known = await gateway.addUser({ mobile })
      const account = await accountOf(known)
      const unknownMobile = nextMobile()
      const series = [
        // A user's names are paused apart: together they would tell that they are one person's.
        [account, account.toUpperCase(), account, account.toUpperCase(), account],
        [mobile, `86${mobile}`, `+86${mobile}`, mobile, mobile],
        ['no-such-user', 'No-Such-User', 'NO-SUCH-USER', 'no-such-user', 'no-such-user'],
        [unknownMobile, `86${unknownMobile}`, `+86${unknownMobile}`, unknownMobile, unknownMobile],
      ]
      for (const names of series) {
        for (const name of names) expect((await signIn(name, 'wrong password')).text).to.equal(wrong)
        for (const name of names) {
          const answer = await signIn(name, known.password)
          expect(answer.text, name).to.equal(paused)
          expect(answer.headers.get('Retry-After')).to.equal('1')
        }
      }
      gateway.clock.advance(1000)
      expect((await signIn(account, known.password)).json?.['status']).to.equal(200)
    })

    it('so that of twenty parallel guesses five are compared, of a user and of nobody', async () => {
      gateway.clock.freeze(Date.now())
      const user = await gateway.addUser()
      for (const name of [await accountOf(user), 'still-nobody']) {
        const before = gateway.services.passwords.pressure().done
        const guesses = Array.from({ length: 20 }, (_, at) => signIn(name, `guess ${at}`))
        const texts = (await Promise.all(guesses)).map(({ text }) => text)
        expect(texts.filter((text) => text === wrong)).to.have.length(5)
        expect(texts.filter((text) => text === paused)).to.have.length(15)
        expect(gateway.services.passwords.pressure().done - before).to.equal(5)
      }
    })
  })

  it('does the same work for a wrong password, an old hash and an unknown name', async () => {
    const { db, passwords, signInRecords } = gateway.services
    const observe = async (name: string) => {
      const before = passwords.pressure().done
      const { result, statements } = await statementsDuring(db, () => signIn(name, 'wrong password'))
      return { text: result.text, statements, hashes: passwords.pressure().done - before }
    }
    const mobile = nextMobile()
    const known = await accountOf(await gateway.addUser({ mobile }))
    const oldUser = await gateway.addUser()
    await db('account_user_base')
      .where({ user_id: oldUser.uid })
      .update({ user_password: 'e99a18c428cb38d5f260853678922e03', user_salt: '' })
    const old = await accountOf(oldUser)
    const unknownMobile = nextMobile()
    const compare = async (round: number) => {
      const unknown = await observe('nobody-at-all')
      expect(unknown.hashes).to.equal(1)
      expect(unknown.statements).to.have.length.above(1)
      expect(await observe(known), `user, ${round}`).to.deep.equal(unknown)
      expect(await observe(old), `old hash, ${round}`).to.deep.equal(unknown)
      // Everybody sees that a name is a number: the statement may differ, but not by whether it is anybody's.
      const unknownNumber = await observe(unknownMobile)
      expect(unknownNumber.statements).to.have.length(unknown.statements.length)
      expect(await observe(mobile), `number, ${round}`).to.deep.equal(unknownNumber)
      expect({ ...unknownNumber, statements: unknown.statements }).to.deep.equal(unknown)
    }
    await gateway.services.queue.stop()
    await signInRecords.flush()
    // Records are written beside the calls, half a second later: here none are, however slow a call is.
    const asBefore = { ...signInRecords }
    Object.assign(signInRecords, { add: () => true })
    try {
      for (const round of [1, 2]) await compare(round)
    } finally {
      Object.assign(signInRecords, asBefore)
    }
  })

  it('leaves no name and no password in the audit, the failures or the log', async () => {
    const secrets = ['typed-into-the-wrong-field', 'a password nobody may read']
    await signIn(secrets[0] ?? '', secrets[1] ?? '')
    const { db, signInRecords } = gateway.services
    await signInRecords.flush()
    const kept = JSON.stringify([await db('audit_entry'), await db('login_failure'), gateway.logLines])
    for (const secret of secrets) expect(kept).to.not.include(secret)
  })
})
