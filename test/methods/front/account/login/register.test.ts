import { expect } from 'chai'
import { storeCaptcha } from '../../../../../methods/rules/codes/captchas.js'
import { codeWrong, emailWrong, passwordWrongForm, refusal, registrationOff } from '../../../../answers.js'
import { startGateway } from '../../../../harness.js'
import { usualHashes } from '../../../../password-cost.js'
import { isAlive, manyCodes, pictureText, tokenOf, withClient } from '../account-client.js'

const badAccount = refusal(0, '用户账号不可以包含特殊字符串！', 'ACCOUNT_FORM')
const codeOfAnother = refusal(0, '验证码与注册的手机号或邮箱不一致', 'CODE_OF_ANOTHER')
const password = 'a new password'

withClient('front.account.login.register', manyCodes, (gateway, client, database) => {
  let lastMobile = 13_700_000_000
  const nextMobile = () => String(++lastMobile)
  const register = (fields: Record<string, string>) => client.post('login/register', { password, ...fields })
  const signsIn = async (user_account: string, password: string) =>
    (await client.post('login/login', { user_account, password })).json?.['status'] === 200
  const infoOf = (user_mobile: string) => gateway.db('account_user_info').where({ user_mobile }).first()

  describe('by a number', () => {
    it('makes a user with all rows, and signs the user in', async () => {
      const mobile = nextMobile()
      const verify_code = await client.receiveCode(mobile)
      const number = `+86${mobile}`
      const answer = await register({ bind_type: '1', user_account: number, verify_key: number, verify_code })
      const token = tokenOf(answer)
      const user_id = (await infoOf(mobile))?.user_id ?? 0
      expect(answer.text).to.equal(
        `{"status":200,"code":0,"msg":"操作成功","data":{"token":"${token}","user_id":${user_id}},"error":null}`,
      )
      expect(user_id).to.be.at.least(10_002)
      expect(await isAlive(gateway, token)).to.equal(true)
      for (const table of [
        'account_user_base',
        'account_user_login',
        'pay_user_resource',
        'account_user_message',
      ])
        expect(await gateway.db.from(table).where({ user_id }), table).to.have.length(1)
      expect(await gateway.db('audit_entry').where({ target_id: user_id }).pluck('action')).to.deep.equal([
        'front.account.login.register',
      ])
      for (const name of [number, mobile]) expect(await signsIn(name, password)).to.equal(true)
    })

    it('takes it from user_account where verify_key is missing, by GET, in any form', async () => {
      for (const form of [(mobile: string) => mobile, (mobile: string) => ` 86${mobile}`]) {
        const mobile = nextMobile()
        const verifyCode = await client.receiveCode(mobile)
        const query = { bindType: '1', userAccount: form(mobile), password, verifyCode, encrypt: 'false' }
        expect((await client.get('login/register', query)).json?.['status']).to.equal(200)
        expect(await infoOf(mobile)).to.include({ user_intl: '+86' })
      }
    })

    it('keeps the account that was chosen beside it', async () => {
      const mobile = nextMobile()
      const verify_code = await client.receiveCode(mobile)
      const fields = { bind_type: '1', user_account: 'both_ways', verify_key: mobile, verify_code }
      expect((await register(fields)).json?.['status']).to.equal(200)
      for (const name of ['both_ways', mobile]) expect(await signsIn(name, password)).to.equal(true)
    })

    it('refuses a code of another number than the one that is registered, which stays unused', async () => {
      const [mine, other] = [nextMobile(), nextMobile()]
      const verify_code = await client.receiveCode(mine)
      const fields = { bind_type: '1', verify_key: mine, verify_code }
      for (const user_account of [other, `+86${other}`, 'a@example.com'])
        expect((await register({ ...fields, user_account })).text).to.equal(codeOfAnother)
      expect((await register({ ...fields, verify_key: other })).text).to.equal(codeWrong)
      expect((await register(fields)).json?.['status']).to.equal(200)
    })

    it('refuses what is no number', async () => {
      for (const verify_key of ['', '12345', 'a@example.com', 'abcde'])
        expect((await register({ bind_type: '1', verify_key, verify_code: '1234' })).text).to.equal(
          refusal(0, '请输入正确的手机号！', 'MOBILE_FORM'),
        )
    })

    it('tells that it is bound only to who has a right code', async () => {
      const mobile = nextMobile()
      await gateway.addUser({ mobile })
      const verify_code = await client.receiveCode(mobile)
      const fields = { bind_type: '1', verify_key: mobile }
      expect((await register({ ...fields, verify_code: '0000' })).text).to.equal(codeWrong)
      expect((await register({ ...fields, verify_code })).text).to.equal(
        refusal(0, '手机号已经绑定过，不可以使用此手机号注册', 'MOBILE_BOUND'),
      )
      expect((await register({ ...fields, verify_code })).text).to.equal(codeWrong)
    })

    it('leaves it to whom an old shop knew by it, proved or not', async () => {
      const mobile = nextMobile()
      await gateway.addUser({ mobile, verified: false })
      const verify_code = await client.receiveCode(mobile)
      expect((await register({ bind_type: '1', verify_key: mobile, verify_code })).text).to.equal(
        refusal(0, '手机号已经绑定过，不可以使用此手机号注册', 'MOBILE_BOUND'),
      )
    })

    it('never takes a picture’s text for a code', async () => {
      const mobile = nextMobile()
      await storeCaptcha(gateway.services, mobile, '4711')
      const fields = { bind_type: '1', verify_key: mobile, verify_code: '4711' }
      expect((await register(fields)).text).to.equal(codeWrong)
    })
  })

  describe('by an e-mail address', () => {
    it('makes a user who signs in by it', async () => {
      const verify_code = await client.receiveMail('new@example.com')
      const fields = { bind_type: '2', user_account: 'New@Example.com', verify_code }
      expect((await register(fields)).json?.['status']).to.equal(200)
      expect(await signsIn('new@example.com', password)).to.equal(true)
      const identity = await gateway
        .db('user_identity')
        .where({ kind: 'email', value: 'new@example.com' })
        .first()
      const bound = await gateway
        .db('account_user_bind_connect')
        .where({ user_id: identity?.user_id ?? 0 })
        .first()
      expect(bound).to.include({ bind_type: 2, bind_id: 'new@example.com' })
    })

    it('refuses what is none, another one’s code, and one that is bound', async () => {
      for (const verify_key of ['', 'nobody', nextMobile(), `${'x'.repeat(50)}@example.com`])
        expect((await register({ bind_type: '2', verify_key, verify_code: '1234' })).text).to.equal(
          emailWrong,
        )
      const verify_code = await client.receiveMail('bound@example.com')
      const fields = { bind_type: '2', verify_code, verify_key: 'bound@example.com' }
      expect((await register({ ...fields, user_account: 'other@example.com' })).text).to.equal(codeOfAnother)
      await gateway.addUser({ email: 'bound@example.com' })
      expect((await register(fields)).text).to.equal(
        refusal(0, 'Email已经绑定过，不可以使用此Email注册', 'EMAIL_BOUND'),
      )
    })
  })

  describe('by an account', () => {
    const withPicture = async (user_account: string, verify_code = pictureText) =>
      register({ bind_type: '3', user_account, verify_key: await client.drawPicture(), verify_code })

    it('makes a user, for the answer to a picture', async () => {
      expect((await withPicture('Some_body9', 'oops')).text).to.equal(codeWrong)
      expect((await register({ bind_type: '3', user_account: 'Some_body9' })).text).to.equal(codeWrong)
      expect((await withPicture('Some_body9')).json?.['status']).to.equal(200)
      expect(await signsIn('Some_body9', password)).to.equal(true)
    })

    it('refuses one that somebody has, in any case of its letters', async () => {
      expect((await withPicture('taken_one')).json?.['status']).to.equal(200)
      const taken = refusal(0, '用户已经存在,请更换用户名', 'ACCOUNT_TAKEN')
      for (const account of ['taken_one', 'TAKEN_ONE'])
        expect((await withPicture(account)).text).to.equal(taken)
    })

    it('takes 4 to 32 letters, digits and underscores only', async () => {
      for (const account of [
        '',
        'abc',
        'a'.repeat(33),
        'with space',
        'a@example.com',
        '用户用户',
        'a-b-c',
        "a'b'",
      ])
        expect((await withPicture(account)).text, account).to.equal(badAccount)
      for (const account of ['abcd', 'a'.repeat(32)])
        expect((await withPicture(account)).json?.['status'], account).to.equal(200)
    })

    it('makes one user of twenty parallel registrations of one account', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => withPicture('contested')))
      expect(answers.filter(({ json }) => json?.['status'] === 200)).to.have.length(1)
      expect(answers.filter(({ json }) => json?.['error'] === 'ACCOUNT_TAKEN')).to.have.length(19)
    })
  })

  it('refuses other bind types', async () => {
    for (const bind_type of ['', '0', '4', '11', '-1'])
      expect((await register({ bind_type, user_account: 'somebody' })).text, bind_type).to.equal(
        refusal(0, '绑定类型错误', 'BIND_TYPE_WRONG'),
      )
    expect((await register({ bind_type: 'mobile' })).json).to.include({ code: 300, error: 'PARAM_ERROR' })
  })

  it('takes passwords of 6 to 64 printable characters, and looks at them before the code', async () => {
    const mobile = nextMobile()
    const verify_code = await client.receiveCode(mobile)
    const fields = { bind_type: '1', verify_key: mobile, verify_code }
    for (const password of ['', '12345', 'x'.repeat(65), 'null'])
      expect((await register({ ...fields, password })).text).to.equal(passwordWrongForm)
    expect((await register({ ...fields, password: 'with\ttab' })).text).to.equal(
      refusal(0, '密码不能包含特殊字符', 'PASSWORD_CHARACTERS'),
    )
    expect((await register({ ...fields, password: '123456' })).json?.['status']).to.equal(200)
  })

  it('gives nobody a role or a state for asking', async () => {
    const mobile = nextMobile()
    const verify_code = await client.receiveCode(mobile)
    const wishes = { user_role_id: '1', role_id: '1', user_state: '0', user_level_id: '1003', user_id: '1' }
    await register({ bind_type: '1', verify_key: mobile, verify_code, ...wishes })
    const info = await infoOf(mobile)
    expect(info).to.include({ user_state: 1 })
    expect(info?.user_level_id).to.not.equal(1003)
    expect(await gateway.db('admin_user_admin').where({ user_id: info?.user_id ?? 0 })).to.have.length(0)
  })

  it('uses up no code while registration is off or the server is too busy', async () => {
    const mobile = nextMobile()
    const verify_code = await client.receiveCode(mobile)
    const fields = { bind_type: '1', verify_key: mobile, verify_code }
    const off = await startGateway(database, { ...manyCodes, REGISTRATION: 'off' })
    const body = new URLSearchParams({ ...fields, password })
    const refused = await off.request('/front/account/login/register', { method: 'POST', body })
    await off.close()
    expect(refused.text).to.equal(registrationOff)
    const busy = await startGateway(database, { ...manyCodes, ...usualHashes })
    const { passwords } = busy.services
    // Each makes one hash after the other, so that there is no room whenever the call comes to ask for it.
    const answered = new AbortController()
    const keepBusy = async (): Promise<void> => {
      while (!answered.signal.aborted) await passwords.hash('something')
    }
    const hashing: Promise<void>[] = []
    while (passwords.hasRoom()) hashing.push(keepBusy())
    const { status } = await busy.request('/front/account/login/register', { method: 'POST', body })
    answered.abort()
    await Promise.all(hashing)
    await busy.close()
    expect(status).to.equal(503)
    expect((await register(fields)).json?.['status']).to.equal(200)
  })
})
