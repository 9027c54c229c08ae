import { expect } from 'chai'
import { findAddressOwner } from '../../../../../db/address-owners.js'
import { GatewayError } from '../../../../../gateway/outcome/errors.js'
import { bindProvedMobile } from '../../../../../methods/rules/accounts/mobile-bindings.js'
import { codeWrong, mobileTaken, mobileWrong, signedInAs } from '../../../../answers.js'
import type { TestUser } from '../../../../harness.js'
import { withGateway } from '../../../../suite.js'

const path = '/front/account/user/bindMobile'

withGateway('front.account.user.bindMobile', (gateway) => {
  let lastNumber = 13_500_000_000

  const newMobile = () => String(++lastNumber)
  const codeFor = async (mobile: string) => {
    await gateway.call('web.passport.sendcode', { mobile })
    return gateway.lastCode(mobile)
  }
  const bind = (token: string, params: Record<string, string>) =>
    gateway.request(path, {
      method: 'POST',
      body: new URLSearchParams({
        bind_type: '1',
        encrypt: 'true',
        password: 'x',
        ...params,
        perm_key: token,
      }),
    })
  const bindWithCode = async (token: string, mobile: string, params: Record<string, string> = {}) =>
    bind(token, { verify_key: `+86${mobile}`, verify_code: await codeFor(mobile), ...params })
  const infoOf = async (token: string) =>
    (await gateway.request(`/front/account/user/info?perm_key=${token}`)).json?.data as
      | Record<string, unknown>
      | undefined
  const ownerOf = async (mobile: string) =>
    (await findAddressOwner(gateway.db, 'mobile', `+86${mobile}`))?.user_id

  it("makes a number the user's own and answers a new token; the calling one goes on", async () => {
    const user = await gateway.addUser()
    const [calling, another] = [await user.startSession(), await user.startSession()]
    const mobile = newMobile()
    const { status, text, json } = await bindWithCode(calling, mobile)
    const { token = '' } = (json?.data ?? {}) as { token?: string }
    expect(status).to.equal(200)
    expect(text).to.equal(signedInAs(token, user.uid))
    expect(await infoOf(token)).to.include({ user_id: user.uid, user_mobile: mobile, user_intl: '+86' })
    expect(await infoOf(calling)).to.include({ user_id: user.uid })
    expect(await infoOf(another)).to.equal(null)
    const bindings = await gateway.db('account_user_bind_connect').where({ user_id: user.uid })
    expect(bindings).to.have.length(1)
    expect(bindings[0]).to.include({ bind_type: 1, bind_id: `+86${mobile}`, bind_active: 1 })
  })

  it('takes GET, either spelling, and a number in every form that clients send', async () => {
    for (const form of ['+86', '86', '', ' 86']) {
      const [user, mobile] = [await gateway.addUser(), newMobile()]
      const token = await user.startSession()
      const query = `verifyKey=${form}${mobile}&verifyCode=${await codeFor(mobile)}&access_token=${token}`
      expect((await gateway.request(`${path}?${query}`)).json?.code, form).to.equal(0)
      expect(await ownerOf(mobile), form).to.equal(user.uid)
    }
  })

  it('takes the place of the former number, which is told of it', async () => {
    const [former, mobile] = [newMobile(), newMobile()]
    const user = await gateway.addUser({ mobile: former })
    const token = await user.startSession()
    expect((await bindWithCode(token, mobile)).json?.code).to.equal(0)
    expect(await ownerOf(former)).to.equal(undefined)
    expect(await ownerOf(mobile)).to.equal(user.uid)
    const told = (await gateway.sentTo(`+86${former}`)).filter(({ text }) => text.includes('新的手机号码'))
    expect(told).to.have.length(1)
    expect((await gateway.sentTo(`+86${mobile}`)).filter(({ text }) => text.includes('新的'))).to.deep.equal(
      [],
    )
  })

  it('tells the e-mail address of who had no number', async () => {
    const user = await gateway.addUser({ email: 'first-number@example.com' })
    expect((await bindWithCode(await user.startSession(), newMobile())).json?.code).to.equal(0)
    const mails = await gateway.sentTo('first-number@example.com')
    expect(mails.map(({ subject }) => subject)).to.deep.equal(['已绑定手机号码 / Mobile number added'])
  })

  it('changes nothing when it is the own number already', async () => {
    const mobile = newMobile()
    const user = await gateway.addUser({ mobile })
    const [calling, another] = [await user.startSession(), await user.startSession()]
    const { json } = await bindWithCode(calling, mobile)
    expect(json?.code).to.equal(0)
    const { token = '' } = (json?.data ?? {}) as { token?: string }
    expect(await infoOf(token)).to.include({ user_mobile: mobile })
    expect(await infoOf(another)).to.include({ user_mobile: mobile })
  })

  it('refuses what is no mobile number, and a missing code', async () => {
    const token = await (await gateway.addUser()).startSession()
    for (const verify_key of ['', '123', '+8612345678901', '02112345678', 'a@example.com'])
      expect((await bind(token, { verify_key, verify_code: '1234' })).text, verify_key).to.equal(mobileWrong)
    expect((await bind(token, { verify_code: '1234' })).text).to.equal(mobileWrong)
    const { json } = await bind(token, { verify_key: newMobile() })
    expect(json).to.include({ code: 300, msg: '验证码有误' })
  })

  it("refuses a wrong code, another number's, a used one, and the answer to a picture", async () => {
    const user = await gateway.addUser()
    const token = await user.startSession()
    const [mobile, other] = [newMobile(), newMobile()]
    const [code, othersCode] = [await codeFor(mobile), await codeFor(other)]
    const wrong = code === '1000' ? '1001' : '1000'
    expect((await bind(token, { verify_key: mobile, verify_code: wrong })).text).to.equal(codeWrong)
    if (othersCode !== code)
      expect((await bind(token, { verify_key: mobile, verify_code: othersCode })).text).to.equal(codeWrong)
    const pictured = newMobile()
    await gateway.db('captcha_answer').insert({
      captcha_key: pictured,
      digest: gateway.services.vault.digest('captcha-answer', `${pictured} 1234`),
      expires_at: gateway.clock.now() + 60_000,
    })
    expect((await bind(token, { verify_key: pictured, verify_code: '1234' })).text).to.equal(codeWrong)
    expect(await ownerOf(mobile)).to.equal(undefined)
    expect((await bind(token, { verify_key: mobile, verify_code: code })).json?.code).to.equal(0)
    expect((await bind(token, { verify_key: mobile, verify_code: code })).text).to.equal(codeWrong)
  })

  it('tells that a number is bound to another user only to who has its code', async () => {
    const mobile = newMobile()
    const owner = await gateway.addUser({ mobile })
    const token = await (await gateway.addUser()).startSession()
    expect((await bind(token, { verify_key: mobile, verify_code: '1000' })).text).to.equal(codeWrong)
    expect((await bindWithCode(token, mobile)).text).to.equal(mobileTaken)
    expect(await ownerOf(mobile)).to.equal(owner.uid)
    expect(await infoOf(token)).to.include({ user_mobile: '' })
  })

  it('takes a number that another user has only claimed', async () => {
    const mobile = newMobile()
    await gateway.addUser({ mobile, verified: false })
    const user = await gateway.addUser()
    expect((await bindWithCode(await user.startSession(), mobile)).json?.code).to.equal(0)
    expect(await ownerOf(mobile)).to.equal(user.uid)
  })

  it('binds to the user of the session, whatever the call names', async () => {
    const [user, victim, mobile] = [await gateway.addUser(), await gateway.addUser(), newMobile()]
    const named = { userId: String(victim.uid), user_id: String(victim.uid), user_account: 'victim' }
    const { json } = await bindWithCode(await user.startSession(), mobile, named)
    expect(json?.data).to.include({ user_id: user.uid })
    expect(await ownerOf(mobile)).to.equal(user.uid)
  })

  it('uses a code bound to its purpose for nothing else', async () => {
    const token = await (await gateway.addUser()).startSession()
    const [mobile, other] = [newMobile(), newMobile()]
    for (const [number, purpose] of [
      [mobile, 'bind'],
      [other, 'login'],
    ] as const)
      await gateway.request(`/front/sys/captcha/mobile?mobile=${number}&purpose=${purpose}`)
    const verify_code = await gateway.lastCode(other)
    expect((await bind(token, { verify_key: other, verify_code })).text).to.equal(codeWrong)
    const params = { verify_key: mobile, verify_code: await gateway.lastCode(mobile) }
    expect((await bind(token, params)).json?.code).to.equal(0)
  })

  it('gives a code to one of thirty users who send it at once', async () => {
    const mobile = newMobile()
    const users = await Promise.all(Array.from({ length: 30 }, () => gateway.addUser()))
    const tokens = await Promise.all(users.map((user) => user.startSession()))
    const params = { verify_key: mobile, verify_code: await codeFor(mobile) }
    const answers = await Promise.all(tokens.map((token) => bind(token, params)))
    expect(answers.filter(({ json }) => json?.code === 0)).to.have.length(1)
    const winner = users[answers.findIndex(({ json }) => json?.code === 0)]
    expect(await ownerOf(mobile)).to.equal(winner?.uid)
  })

  it('gives a number to one of thirty users who have proved it at once', async () => {
    const number = newMobile()
    const { services } = gateway
    const users = await Promise.all(Array.from({ length: 30 }, () => gateway.addUser()))
    const bindAs = async (user: TestUser): Promise<string> => {
      const session = await services.sessions.verify(await user.startSession())
      const call = {
        session,
        ip: '127.0.0.1',
        app: undefined,
        action: 'front.account.user.bindMobile',
      } as const
      return bindProvedMobile(services, { area: '86', number }, call).then(
        () => 'bound',
        (error: unknown) => (error instanceof GatewayError ? error.key : String(error)),
      )
    }
    const outcomes = await Promise.all(users.map(bindAs))
    expect(outcomes.filter((outcome) => outcome === 'bound')).to.have.length(1)
    expect(outcomes.filter((outcome) => outcome === 'MOBILE_TAKEN')).to.have.length(29)
    const holders = await services.db('account_user_info').where({ user_mobile: number }).pluck('user_id')
    expect(holders).to.deep.equal([await ownerOf(number)])
  })

  it('needs a session that is alive at that moment', async () => {
    expect((await gateway.request(path)).json).to.include({ code: 401 })
    const mobile = newMobile()
    const params = { verify_key: mobile, verify_code: await codeFor(mobile) }
    expect((await bind('', params)).json?.code).to.equal(401)
    const user = await gateway.addUser()
    const token = await user.startSession()
    expect(await infoOf(token)).to.include({ user_id: user.uid })
    // The session is still remembered here: another node has ended it.
    await gateway.db('account_user_base').where({ user_id: user.uid }).increment('session_generation', 1)
    const { json } = await bind(token, params)
    expect(json).to.include({ code: 401, msg: '请退出重新登录', error: 'TOKEN_BROKEN' })
    expect(await ownerOf(mobile)).to.equal(undefined)
  })
})
