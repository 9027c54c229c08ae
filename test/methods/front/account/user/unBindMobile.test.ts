import { expect } from 'chai'
import { type BindingRow, saveBinding } from '../../../../../db/bindings.js'
import { findAddressOwner } from '../../../../../db/address-owners.js'
import { transaction } from '../../../../../db/transaction.js'
import { register } from '../../../../../methods/rules/accounts/registrations.js'
import { codeWrong, mobileTaken, mobileWrong, signedInAs } from '../../../../answers.js'
import { withGateway } from '../../../../suite.js'

const env = { CODE_GAP: '0', WECHAT_MINI_APP_ID: 'wx1', WECHAT_MINI_SECRET: 'secret' }

withGateway('front.account.user.unBindMobile', env, (gateway) => {
  let lastNumber = 13_600_000_000

  const newMobile = () => String(++lastNumber)
  const codeFor = async (mobile: string) => {
    await gateway.call('web.passport.sendcode', { mobile })
    return gateway.lastCode(mobile)
  }
  const call = async (
    method: 'bindMobile' | 'unBindMobile',
    token: string,
    mobile: string,
    code?: string,
  ) => {
    const body = new URLSearchParams({
      verify_key: `+86${mobile}`,
      verify_code: code ?? (await codeFor(mobile)),
      perm_key: token,
    })
    return gateway.request(`/front/account/user/${method}`, { method: 'POST', body })
  }
  const unbind = (token: string, mobile: string, code?: string) => call('unBindMobile', token, mobile, code)
  const infoOf = async (token: string) =>
    (await gateway.request(`/front/account/user/info?perm_key=${token}`)).json?.data as
      | Record<string, unknown>
      | undefined
  const ownerOf = async (mobile: string) =>
    (await findAddressOwner(gateway.db, 'mobile', `+86${mobile}`))?.user_id
  const bindingsOf = (userId: number) =>
    gateway.db('account_user_bind_connect').where({ user_id: userId, bind_type: 1 }).pluck('bind_id')
  /** A user who registered by number: an account of the server's making, no password. */
  const registerByMobile = async (passwordHash = '') => {
    const { services } = gateway
    const number = newMobile()
    const { user_id } = await transaction(services, (services) =>
      register(services, { mobile: { area: '86', number }, passwordHash, ip: '127.0.0.1' }),
    )
    const session = { userId: user_id, generation: 0, app: '', ip: '127.0.0.1' }
    return { uid: user_id, mobile: number, token: await services.sessions.start(services.db, session) }
  }

  it('takes the own number from a user and answers a new token; the calling one goes on', async () => {
    const mobile = newMobile()
    const user = await gateway.addUser({ mobile })
    const [calling, another] = [await user.startSession(), await user.startSession()]
    const { text, json } = await unbind(calling, mobile)
    const { token = '' } = (json?.data ?? {}) as { token?: string }
    expect(text).to.equal(signedInAs(token, user.uid))
    expect(await infoOf(token)).to.include({ user_id: user.uid, user_mobile: '', user_intl: '+86' })
    expect(await infoOf(calling)).to.include({ user_id: user.uid })
    expect(await infoOf(another)).to.equal(null)
    expect(await ownerOf(mobile)).to.equal(undefined)
    // It is free for everybody.
    const next = await gateway.addUser()
    expect((await call('bindMobile', await next.startSession(), mobile)).json?.code).to.equal(0)
  })

  it('takes GET with everything in the query, as the PC site sends it', async () => {
    const mobile = newMobile()
    const user = await gateway.addUser({ mobile })
    const query = new URLSearchParams({
      verifyKey: mobile,
      verifyCode: await codeFor(mobile),
      bindType: '1',
      access_token: await user.startSession(),
    })
    const { json } = await gateway.request(`/front/account/user/unBindMobile?${query.toString()}`)
    expect(json?.code).to.equal(0)
    expect(await ownerOf(mobile)).to.equal(undefined)
  })

  it("refuses another number than the own, whoever's it is, and a wrong code", async () => {
    const [mobile, others] = [newMobile(), newMobile()]
    const [user, victim] = [await gateway.addUser({ mobile }), await gateway.addUser({ mobile: others })]
    const token = await user.startSession()
    for (const number of [others, newMobile(), '123'])
      expect((await unbind(token, number, '1000')).text, number).to.equal(mobileWrong)
    // Even with a right code: one's own number is needed.
    expect((await unbind(token, others)).text).to.equal(mobileWrong)
    expect(await ownerOf(others)).to.equal(victim.uid)
    const code = await codeFor(mobile)
    expect((await unbind(token, mobile, code === '1000' ? '1001' : '1000')).text).to.equal(codeWrong)
    expect(await ownerOf(mobile)).to.equal(user.uid)
    expect((await unbind(token, mobile, code)).json?.code).to.equal(0)
  })

  it("costs nothing of the tries of another user's number", async () => {
    const [mobile, others] = [newMobile(), newMobile()]
    const [user, victim] = [await gateway.addUser({ mobile }), await gateway.addUser({ mobile: others })]
    const code = await codeFor(others)
    const token = await user.startSession()
    for (let guess = 0; guess < 20; guess++)
      expect((await unbind(token, others, String(1000 + guess))).text).to.equal(mobileWrong)
    expect((await unbind(await victim.startSession(), others, code)).json?.code).to.equal(0)
  })

  it('keeps the last way in until a new number is bound', async () => {
    const { uid, mobile, token } = await registerByMobile()
    expect((await unbind(token, mobile)).json?.code).to.equal(0)
    expect(await infoOf(token)).to.include({ user_mobile: '' })
    expect(await ownerOf(mobile)).to.equal(uid)
    expect(await bindingsOf(uid)).to.deep.equal([`+86${mobile}`])
    // Nobody else gets it in between.
    const stranger = await gateway.addUser()
    expect((await call('bindMobile', await stranger.startSession(), mobile)).text).to.equal(mobileTaken)
    const next = newMobile()
    expect((await call('bindMobile', token, next)).json?.code).to.equal(0)
    expect(await infoOf(token)).to.include({ user_mobile: next })
    expect([await ownerOf(mobile), await ownerOf(next)]).to.deep.equal([undefined, uid])
    expect(await bindingsOf(uid)).to.deep.equal([`+86${next}`])
    const told = (await gateway.sentTo(`+86${mobile}`)).filter(({ text }) => text.includes('新的手机号码'))
    expect(told).to.have.length(1)
  })

  it('counts a password with an account the user chose, a verified e-mail and WeChat as ways in', async () => {
    const { db, passwords } = gateway.services
    const hash = await passwords.hash('right password')
    const addRow = (user_id: number, bind_type: number, fields: Partial<BindingRow> = {}) =>
      saveBinding(db, { bind_type, bind_id: `openid-${user_id}`, user_id, bind_time: 1, ...fields })
    const addWechat = async (openid: string, user_id: number) =>
      db('user_identity').insert({
        kind: 'wechat',
        value: `wx1:${openid}`,
        user_id,
        verified_at: 1,
        created_at: 1,
      })
    const older = (await gateway.addUser()).uid
    await addWechat('openid-of-another', older)
    await addRow(older, 15, { bind_id: 'openid-of-older', bind_openid: 'openid-of-both' })
    const addEmail = async (user_id: number, verified_at: number | null) => {
      await db('account_user_info')
        .where({ user_id })
        .update({ user_email: `${user_id}@example.com` })
      await db('user_identity').insert({
        kind: 'email',
        value: `${user_id}@example.com`,
        user_id,
        verified_at,
        created_at: 1,
      })
    }
    const cases: readonly [string, boolean, string, (userId: number) => Promise<unknown>][] = [
      ['nothing', false, '', () => Promise.resolve()],
      ['a password for an account of the server’s making', false, hash, () => Promise.resolve()],
      ['an account without a password', false, '', (userId) => rename(userId, 'chosen')],
      ['an account with what is no hash', false, 'null', (userId) => rename(userId, 'broken')],
      ['an account with a password', true, hash, (userId) => rename(userId, 'complete')],
      ['an e-mail that is not verified', false, '', (userId) => addEmail(userId, null)],
      ['a verified e-mail', true, '', (userId) => addEmail(userId, 1)],
      ['WeChat', true, '', (userId) => addWechat(`openid-${userId}`, userId)],
      ['an old row of WeChat', true, '', (userId) => addRow(userId, 15)],
      // These were ways in once, but nobody can sign in by them: this server knows no QQ, not this WeChat application,
      // and another user by this openid.
      ['an old row of QQ', false, '', (userId) => addRow(userId, 11)],
      ['a way of WeChat that is not configured', false, '', (userId) => addRow(userId, 13)],
      ['a row that is not in force', false, '', (userId) => addRow(userId, 15, { bind_active: 0 })],
      [
        'an openid of another user',
        false,
        '',
        (userId) => addRow(userId, 15, { bind_id: 'openid-of-another' }),
      ],
      [
        'an older user’s too',
        false,
        '',
        (userId) => addRow(userId, 15, { bind_openid: 'openid-of-both', bind_id: '' }),
      ],
    ]
    const rename = (user_id: number, name: string) =>
      db('account_user_base')
        .where({ user_id })
        .update({ user_account: `${name}${user_id}` })
    for (const [what, isGivenUp, password, prepare] of cases) {
      const { uid, mobile, token } = await registerByMobile(password)
      await prepare(uid)
      expect((await unbind(token, mobile)).json?.code, what).to.equal(0)
      expect(await infoOf(token), what).to.include({ user_mobile: '' })
      expect(await ownerOf(mobile), what).to.equal(isGivenUp ? undefined : uid)
      expect(await bindingsOf(uid), what).to.deep.equal(isGivenUp ? [] : [`+86${mobile}`])
    }
  })

  it('binds the number for a user without one, as the PC site’s page means it', async () => {
    const [user, mobile] = [await gateway.addUser(), newMobile()]
    const token = await user.startSession()
    expect((await unbind(token, mobile, '1000')).text).to.equal(codeWrong)
    expect((await unbind(token, mobile)).json?.code).to.equal(0)
    expect(await ownerOf(mobile)).to.equal(user.uid)
    expect(await infoOf(token)).to.include({ user_mobile: mobile })
    const other = await gateway.addUser()
    expect((await unbind(await other.startSession(), mobile)).text).to.equal(mobileTaken)
    expect(await ownerOf(mobile)).to.equal(user.uid)
  })

  it('binds the kept number again when it is sent once more', async () => {
    const { uid, mobile, token } = await registerByMobile()
    for (const shown of ['', mobile, '']) {
      expect((await unbind(token, mobile)).json?.code).to.equal(0)
      expect(await infoOf(token)).to.include({ user_mobile: shown })
      expect(await ownerOf(mobile)).to.equal(uid)
    }
  })

  it('is done once by ten parallel calls with one code', async () => {
    const mobile = newMobile()
    const user = await gateway.addUser({ mobile })
    const token = await user.startSession()
    const code = await codeFor(mobile)
    const answers = await Promise.all(Array.from({ length: 10 }, () => unbind(token, mobile, code)))
    expect(answers.filter(({ json }) => json?.code === 0)).to.have.length(1)
    expect(await ownerOf(mobile)).to.equal(undefined)
  })

  it('needs a live session', async () => {
    expect((await unbind('', newMobile(), '1000')).json?.code).to.equal(401)
    expect((await unbind('forged', newMobile(), '1000')).json?.code).to.equal(401)
  })
})
