import { expect } from 'chai'
import { refusal } from '../../answers.js'
import { manyCodes } from '../../methods/front/account/account-client.js'
import { withGateway } from '../../suite.js'
import { createCustomers } from './customers.js'
import { doSmsLogin, login, register } from './entry-rows.js'
import { addresses, invoices, messages, profiles } from './form-rows.js'
import { bindings, captchas, changePassword, setNewPassword } from './password-rows.js'

withGateway('what a customer is told by', { ...manyCodes, MESSAGE_PER_MINUTE: '2' }, (gateway) => {
  const customers = createCustomers(gateway)
  const methods = {
    login,
    doSmsLogin,
    register,
    setNewPassword,
    changePassword,
    'captcha/mobile and captcha/email': captchas,
    'bindMobile and unBindMobile': bindings,
    'user/edit and saveCertificate': profiles,
    addresses,
    invoices,
    'in-site messages': messages,
  }
  for (const [method, rows] of Object.entries(methods))
    describe(method, () => {
      for (const [what, code, text, error, call] of rows)
        it(`${what}: ${code} ${text}`, async () => {
          const answer = await call(customers)
          expect([answer.status, answer.text]).to.deep.equal([200, refusal(code, text, error)])
        })
    })
})

withGateway(
  'what a customer is told where registration is off, by',
  { ...manyCodes, REGISTRATION: 'off' },
  (gateway) => {
    const customers = createCustomers(gateway)

    it('register: 0', async () => {
      const { text } = await customers.register()
      expect(text).to.equal(refusal(0, '注册功能未启用', 'REGISTRATION_OFF'))
    })

    it('doSmsLogin: 300', async () => {
      const mobile = customers.newMobile()
      const fields = { verify_key: mobile, verify_code: await customers.receiveCode(mobile) }
      const { text } = await customers.post('login/doSmsLogin', fields)
      expect(text).to.equal(refusal(300, '注册功能未启用', 'NO_USER_TO_SIGN_IN'))
    })
  },
)

withGateway(
  'what a customer is told where sends are limited or fail, by',
  { SMTP_URL: 'smtp://127.0.0.1:9' },
  (gateway) => {
    const tooMany = refusal(0, '请求过于频繁，请稍后再试', 'SEND_REFUSED')

    it('captcha/mobile: 0', async () => {
      const send = () => gateway.request('/front/sys/captcha/mobile?mobile=13400009999')
      await send()
      expect((await send()).text).to.equal(tooMany)
    })

    it('captcha/email: 0', async () => {
      const send = () => gateway.request('/front/sys/captcha/email?email=a@example.com')
      expect((await send()).text).to.equal(refusal(0, '邮件发送失败！', 'MAIL_FAILED'))
      expect((await send()).text).to.equal(tooMany)
    })
  },
)
