import { expect } from 'chai'
import { updateState } from '../../../../../db/users.js'
import { storeCaptcha } from '../../../../../methods/rules/codes/captchas.js'
import { codeWrong, mobileWrong, refusal, signedInAs, userLocked } from '../../../../answers.js'
import { startGateway } from '../../../../harness.js'
import { withGatewayPerTest } from '../../../../suite.js'
import { createAccountClient, isAlive, manyCodes, tokenOf } from '../account-client.js'

withGatewayPerTest('front.account.login.doSmsLogin', manyCodes, (gateway, database) => {
  const client = createAccountClient(gateway)

  let lastMobile = 13_800_000_000
  const nextMobile = () => String(++lastMobile)
  const signIn = (verify_key: string, verify_code: string, more: Record<string, string> = {}, by = client) =>
    by.post('login/doSmsLogin', { verify_key, verify_code, ...more })

  it('signs in the owner of the number', async () => {
    const mobile = nextMobile()
    const { uid } = await gateway.addUser({ mobile })
    const answer = await signIn(`+86${mobile}`, await client.receiveCode(mobile))
    const token = tokenOf(answer)
    expect(answer.text).to.equal(signedInAs(token, uid))
    expect(await isAlive(gateway, token)).to.equal(true)
  })

  it('takes the number in any form, from user_account where verify_key is missing, by GET as by POST', async () => {
    const mobile = nextMobile()
    const { uid } = await gateway.addUser({ mobile })
    for (const form of [mobile, `86${mobile}`, ` 86${mobile}`]) {
      const { json } = await signIn(form, await client.receiveCode(mobile))
      expect(json?.data, form).to.include({ user_id: uid })
    }
    const verifyCode = await client.receiveCode(mobile)
    const query = { userAccount: mobile, verifyCode, bindType: '1', password: '', encrypt: 'false' }
    const { json } = await client.get('login/doSmsLogin', query)
    expect(json?.data).to.include({ user_id: uid })
  })

  it('registers who is new, with the number and everything a user has', async () => {
    const mobile = nextMobile()
    const { json } = await signIn(mobile, await client.receiveCode(mobile))
    const { db } = gateway
    const identity = await db('user_identity')
      .where({ kind: 'mobile', value: `+86${mobile}` })
      .first()
    expect(json?.data).to.include({ user_id: identity?.user_id })
    const user_id = identity?.user_id ?? 0
    expect(await db('account_user_info').where({ user_id }).first()).to.include({
      user_mobile: mobile,
      user_intl: '+86',
      user_state: 1,
    })
    expect(await db('account_user_bind_connect').where({ user_id }).pluck('bind_id')).to.deep.equal([
      `+86${mobile}`,
    ])
    expect(await db('account_user_login_history').where({ user_id })).to.have.length(1)
    expect(Number((await db('pay_user_resource').where({ user_id }).first())?.user_points)).to.equal(30)
    expect((await signIn(mobile, await client.receiveCode(mobile))).json?.data).to.include({ user_id })
  })

  it('registers nobody while registration is off, but signs in who is known', async () => {
    const closed = await startGateway(database, { ...manyCodes, REGISTRATION: 'off' })
    const visitor = createAccountClient(closed)
    const mobile = nextMobile()
    const enter = async () => signIn(mobile, await visitor.receiveCode(mobile), {}, visitor)
    expect((await enter()).text).to.equal(refusal(300, '注册功能未启用', 'NO_USER_TO_SIGN_IN'))
    await closed.addUser({ mobile })
    expect((await enter()).json?.['status']).to.equal(200)
    await closed.close()
  })

  it('refuses a locked user, after a right code only', async () => {
    const mobile = nextMobile()
    const { uid } = await gateway.addUser({ mobile })
    await updateState(gateway.db, uid, 0)
    const code = await client.receiveCode(mobile)
    expect((await signIn(mobile, '0000')).text).to.equal(codeWrong)
    expect((await signIn(mobile, code)).text).to.equal(userLocked)
    await gateway.services.signInRecords.flush()
    const audit = gateway.db('audit_entry').where({ target_id: uid })
    expect(await audit.pluck('outcome')).to.deep.equal(['USER_LOCKED'])
  })

  it('refuses what is no number', async () => {
    for (const number of ['', '12345', '1391234567', 'a@example.com', '+8612345678901', 'null'])
      expect((await signIn(number, '1234')).text, number).to.equal(mobileWrong)
  })

  it('refuses wrong, missing, used and other numbers’ codes, in the same words', async () => {
    const [mobile, other] = [nextMobile(), nextMobile()]
    const code = await client.receiveCode(mobile)
    expect((await signIn(other, code)).text).to.equal(codeWrong)
    expect((await signIn(mobile, '0000')).text).to.equal(codeWrong)
    expect((await signIn(mobile, '')).json).to.include({ code: 300, msg: '验证码有误' })
    expect((await signIn(mobile, 'x'.repeat(33))).text).to.equal(codeWrong)
    expect((await signIn(mobile, code)).json?.['status']).to.equal(200)
    expect((await signIn(mobile, code)).text).to.equal(codeWrong)
  })

  it('never takes a picture’s text for a code', async () => {
    const mobile = nextMobile()
    for (const key of [mobile, `+86${mobile}`, `sms:+86${mobile}`]) {
      await storeCaptcha(gateway.services, key, '4711')
      expect((await signIn(mobile, '4711')).text).to.equal(codeWrong)
      expect((await signIn(key, '4711')).json?.code).to.equal(300)
    }
    expect(await gateway.db('user_identity').where({ value: `+86${mobile}` })).to.have.length(0)
  })

  it('signs in whom an old shop knew by the number without proof, which is given now', async () => {
    const mobile = nextMobile()
    const { uid } = await gateway.addUser({ mobile, verified: false })
    const { json } = await signIn(mobile, await client.receiveCode(mobile))
    expect(json?.data).to.have.property('user_id', uid)
    const identity = await gateway
      .db('user_identity')
      .where({ value: `+86${mobile}` })
      .first()
    expect(identity?.verified_at).to.be.a('number')
  })

  it('makes one user and one session of forty parallel calls with one code', async () => {
    const mobile = nextMobile()
    const code = await client.receiveCode(mobile)
    const answers = await Promise.all(Array.from({ length: 40 }, () => signIn(mobile, code)))
    expect(answers.filter(({ json }) => json?.['status'] === 200)).to.have.length(1)
    expect(answers.filter(({ text }) => text === codeWrong)).to.have.length(39)
    const owners = await gateway.db('account_user_info').where({ user_mobile: mobile })
    expect(owners).to.have.length(1)
  })
})
