import { expect } from 'chai'
import {
  codeWrong,
  done,
  loginRequired,
  mobileWrong,
  passwordWrongForm,
  refusal,
} from '../../../../answers.js'
import { isAlive, manyCodes, pictureText, withClient } from '../account-client.js'

const fresh = 'the new password'

withClient('front.account.login.setNewPassword', manyCodes, (gateway, client) => {
  let lastMobile = 13_600_000_000
  const nextMobile = () => String(++lastMobile)
  const set = (fields: Record<string, string>, token?: string) =>
    client.post('login/setNewPassword', { password: fresh, ...fields }, token)
  const signIn = (user_account: string, password: string) =>
    client.post('login/login', { user_account, password })

  describe('by a code', () => {
    it('sets it for the owner of a number, ends the owner’s sessions and tells the owner', async () => {
      const mobile = nextMobile()
      const user = await gateway.addUser({ mobile })
      const token = await user.startSession()
      expect(await isAlive(gateway, token)).to.equal(true)
      const verify_code = await client.receiveCode(mobile)
      expect((await set({ bind_type: '1', verify_key: `+86${mobile}`, verify_code })).text).to.equal(done)
      expect((await signIn(mobile, fresh)).json?.['status']).to.equal(200)
      expect((await signIn(mobile, user.password)).json?.code).to.equal(300)
      expect(await isAlive(gateway, token)).to.equal(false)
      const [notice] = await gateway.sentTo(`+86${mobile}`)
      expect(notice?.text).to.match(/密码已修改/)
      const audit = await gateway.db('audit_entry').where({ target_id: user.uid }).first()
      expect(audit).to.include({ action: 'front.account.login.setNewPassword', outcome: 'ok' })
    })

    it('sets it for the owner of an e-mail address, by GET', async () => {
      const email = 'reset@example.com'
      const user = await gateway.addUser({ email })
      const verifyCode = await client.receiveMail(email)
      const query = {
        bindType: '2',
        verifyKey: 'Reset@Example.com',
        verifyCode,
        password: fresh,
        oldPassword: '',
      }
      expect((await client.get('login/setNewPassword', query)).text).to.equal(done)
      expect((await signIn(email, fresh)).json?.data).to.include({ user_id: user.uid })
    })

    it('keeps the session that the owner makes the call with', async () => {
      const mobile = nextMobile()
      const user = await gateway.addUser({ mobile })
      const [own, other] = [await user.startSession(), await user.startSession()]
      const stranger = await (await gateway.addUser()).startSession()
      const verify_code = await client.receiveCode(mobile)
      expect((await set({ bind_type: '1', verify_key: mobile, verify_code }, own)).text).to.equal(done)
      expect(await Promise.all([own, other, stranger].map((token) => isAlive(gateway, token)))).to.deep.equal(
        [true, false, true],
      )
    })

    it('ends the pauses after wrong passwords', async () => {
      const mobile = nextMobile()
      await gateway.addUser({ mobile })
      for (let n = 0; n < 6; n++) await signIn(mobile, 'wrong password')
      const verify_code = await client.receiveCode(mobile)
      await set({ bind_type: '1', verify_key: mobile, verify_code })
      expect((await signIn(mobile, fresh)).json?.['status']).to.equal(200)
    })

    it('tells only who has a right code that nobody has the number or the address', async () => {
      const mobile = nextMobile()
      const verify_code = await client.receiveCode(mobile)
      const byNumber = { bind_type: '1', verify_key: mobile }
      expect((await set({ ...byNumber, verify_code: '0000' })).text).to.equal(codeWrong)
      expect((await set({ ...byNumber, verify_code })).text).to.equal(
        refusal(0, '手机号码未绑定登录', 'MOBILE_NOT_BOUND'),
      )
      expect((await set({ ...byNumber, verify_code })).text).to.equal(codeWrong)
      const mailed = await client.receiveMail('nobody@example.com')
      const byMail = { bind_type: '2', verify_key: 'nobody@example.com' }
      expect((await set({ ...byMail, verify_code: mailed })).text).to.equal(
        refusal(0, '该邮箱绑定不存在', 'EMAIL_NOT_BOUND'),
      )
    })

    it('refuses what is no number or address, and a password that does not fit, before it looks at the code', async () => {
      const mobile = nextMobile()
      await gateway.addUser({ mobile })
      const verify_code = await client.receiveCode(mobile)
      expect((await set({ bind_type: '1', verify_key: 'x', verify_code })).text).to.equal(mobileWrong)
      expect((await set({ bind_type: '2', verify_key: mobile, verify_code })).text).to.equal(
        refusal(0, '该邮箱不存在', 'EMAIL_UNKNOWN'),
      )
      const fields = { bind_type: '1', verify_key: mobile, verify_code }
      for (const password of ['12345', 'x'.repeat(65)])
        expect((await set({ ...fields, password })).text).to.equal(passwordWrongForm)
      expect((await set({ ...fields, password: '' })).text).to.equal(
        refusal(300, '密码有误', 'RESET_PASSWORD_EMPTY'),
      )
      expect((await set(fields)).text).to.equal(done)
    })

    it('changes it once for twenty parallel calls with one code', async () => {
      const mobile = nextMobile()
      await gateway.addUser({ mobile })
      const verify_code = await client.receiveCode(mobile)
      const calls = Array.from({ length: 20 }, () => set({ bind_type: '1', verify_key: mobile, verify_code }))
      const texts = (await Promise.all(calls)).map(({ text }) => text)
      expect(texts.filter((text) => text === done)).to.have.length(1)
      expect(texts.filter((text) => text === codeWrong)).to.have.length(19)
    })
  })

  describe('by the old password', () => {
    const withPicture = async (fields: Record<string, string>, token?: string) =>
      set(
        { bind_type: '3', verify_key: await client.drawPicture(), verify_code: pictureText, ...fields },
        token,
      )

    it('sets it, and ends all sessions but the one of the call', async () => {
      const mobile = nextMobile()
      const user = await gateway.addUser({ mobile })
      const [own, other] = [await user.startSession(), await user.startSession()]
      expect((await withPicture({ old_password: user.password }, own)).text).to.equal(done)
      expect(await isAlive(gateway, own)).to.equal(true)
      expect(await isAlive(gateway, other)).to.equal(false)
      expect((await signIn(mobile, fresh)).json?.['status']).to.equal(200)
    })

    it('needs a login, a picture and the old password', async () => {
      const user = await gateway.addUser()
      const token = await user.startSession()
      for (const none of [undefined, 'broken'])
        expect((await withPicture({ old_password: user.password }, none)).text).to.equal(loginRequired)
      const fields = { bind_type: '3', old_password: user.password }
      expect((await set(fields, token)).text).to.equal(codeWrong)
      expect((await withPicture({ ...fields, verify_code: 'oops' }, token)).text).to.equal(codeWrong)
      const wrongOld = refusal(300, '旧密码不正确', 'OLD_PASSWORD_WRONG')
      for (const old_password of ['', 'not the old one'])
        expect((await withPicture({ old_password }, token)).text).to.equal(wrongOld)
    })
  })

  it('refuses other bind types', async () => {
    for (const bind_type of ['', '0', '4'])
      expect((await set({ bind_type })).text).to.equal(refusal(0, '绑定类型错误', 'BIND_TYPE_WRONG'))
  })
})
