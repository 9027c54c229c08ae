import { expect } from 'chai'
import { codeSent, done, refusal, sendFailed } from '../../answers.js'
import { startSmtp } from '../../servers/smtp.js'
import { startWebhook } from '../../servers/sms/webhook.js'
import { prepared, withGateway } from '../../suite.js'

describe('a code that a customer holds, when the next can’t be sent', () => {
  const sms = prepared(before, startWebhook, (server) => server.stop())
  const smtp = prepared(before, startSmtp, (server) => server.stop())
  const env = () => ({ SMS_PROVIDER: 'webhook', SMS_WEBHOOK_URL: sms.url, SMTP_URL: smtp.url, CODE_GAP: '0' })

  withGateway('is good still:', env, (gateway) => {
    const texted = () => (sms.bodies.at(-1) as { readonly code: string }).code
    const mailed = () => /\d{4}/.exec(smtp.messages.at(-1)?.text ?? '')?.[0] ?? ''
    const refuseSms = () => void (sms.status = 500)
    const refuseMail = () => void (smtp.refuse = true)
    afterEach(() => {
      sms.status = 200
      smtp.refuse = false
    })

    const sendcode = async (mobile: string) => (await gateway.call('web.passport.sendcode', { mobile })).text
    const captcha = async (kind: 'mobile' | 'email', to: string) =>
      (await gateway.request(`/front/sys/captcha/${kind}?${new URLSearchParams({ [kind]: to }).toString()}`))
        .text
    const register = async (bind_type: string, verify_key: string, verify_code: string) => {
      const body = new URLSearchParams({ bind_type, verify_key, verify_code, password: 'a long secret' })
      return (await gateway.request('/front/account/login/register', { method: 'POST', body })).json?.[
        'status'
      ]
    }

    const ways = [
      {
        way: 'sendcode',
        to: '13412340001',
        send: sendcode,
        sent: codeSent,
        failed: sendFailed,
        refuse: refuseSms,
        read: texted,
        use: async (mobile: string, code: string) =>
          (await gateway.call('web.passport.checkcode', { mobile, code })).json?.code,
        used: 404,
      },
      {
        way: 'captcha/mobile',
        to: '13412340002',
        send: (to: string) => captcha('mobile', to),
        sent: done,
        failed: refusal(0, '发送失败', 'SEND_FAILED'),
        refuse: refuseSms,
        read: texted,
        use: (to: string, code: string) => register('1', to, code),
        used: 250,
      },
      {
        way: 'captcha/email',
        to: 'holder@example.com',
        send: (to: string) => captcha('email', to),
        sent: done,
        failed: refusal(0, '邮件发送失败！', 'MAIL_FAILED'),
        refuse: refuseMail,
        read: mailed,
        use: (to: string, code: string) => register('2', to, code),
        used: 250,
      },
    ]
    for (const { way, to, send, sent, failed, refuse, read, use, used } of ways)
      it(way, async () => {
        expect(await send(to)).to.equal(sent)
        const code = read()
        refuse()
        expect(await send(to)).to.equal(failed)
        expect(await use(to, code)).to.equal(200)
        expect(await use(to, code)).to.equal(used)
      })
  })
})
