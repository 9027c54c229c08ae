import { expect } from 'chai'
import { saveSetting } from '../../../../../db/settings.js'
import { GatewayError } from '../../../../../gateway/outcome/errors.js'
import { defined } from '../../../../../gateway/wire/defined-fields.js'
import { takeCode } from '../../../../../methods/rules/codes/attempts.js'
import { done, refusal, sendRefused } from '../../../../answers.js'
import { withGatewayPerTest } from '../../../../suite.js'

const notExact = refusal(0, 'Email不准确！', 'SEND_EMAIL_FORM')

const path = '/front/sys/captcha/email'

const caller = { ip: '127.0.0.1', app: undefined, session: undefined }

withGatewayPerTest('front.sys.captcha.email', (gateway) => {
  beforeEach(async () => {
    gateway.clock.freeze(Date.UTC(2026, 0, 5, 8))
    await gateway.db('sys_config_base').delete()
  })

  /** The answer, which is HTTP 200 whatever it says. */
  const ask = async (params: Record<string, string>, init?: RequestInit): Promise<string> => {
    const { status, text } = await gateway.request(`${path}?${new URLSearchParams(params).toString()}`, init)
    expect(status).to.equal(200)
    return text
  }
  const lastCode = async (email: string): Promise<string> =>
    /(\d{4,8})/.exec((await gateway.sentTo(email))[0]?.text ?? '')?.[1] ?? 'none'
  const take = (email: string, code: string, purpose?: string): Promise<string> =>
    takeCode(gateway.services, { address: `mail:${email}`, code, ...defined({ purpose }) }, caller).then(
      () => 'right',
      (error: unknown) => (error instanceof GatewayError ? error.key : String(error)),
    )

  it('mails a code of four digits to an address, known or not, and answers no data', async () => {
    await gateway.addUser({ email: 'known@example.com' })
    for (const email of ['known@example.com', 'new@example.com']) {
      expect(await ask({ email })).to.equal(done)
      const [message] = await gateway.sentTo(email)
      expect(message?.subject).to.equal('商城 注册验证码')
      expect(message?.text).to.match(
        /^您的验证码是([1-9]\d{3})，10分钟内有效，请勿告诉他人。\n\nYour code is \1\. It is valid for 10 minutes\. Tell it to nobody\.\n$/,
      )
      expect(await take(email, await lastCode(email))).to.equal('right')
    }
  })

  it("names the operator's site in the subject", async () => {
    await saveSetting(gateway.db, 'site_name', '我的 & 商店')
    await ask({ email: 'a@example.com' })
    expect((await gateway.sentTo('a@example.com'))[0]?.subject).to.equal('我的 & 商店 注册验证码')
  })

  it('keeps the code under the address in any case of its letters; takes POST too', async () => {
    expect(await ask({ email: 'Cased@Example.com' }, { method: 'POST' })).to.equal(done)
    const code = await lastCode('cased@example.com')
    expect(await take('cased@example.com', code)).to.equal('right')
    expect(await ask({ email: 'CASED@example.com' })).to.equal(sendRefused)
  })

  it('answers Email不准确！ for what is no address', async () => {
    const malformed = ['', 'x', 'a@b', '@example.com', 'a@@example.com', 'a b@example.com']
    for (const email of [
      ...malformed,
      `${'a'.repeat(39)}@example.com`,
      'a@example.com\r\nBcc: b@example.com',
    ])
      expect(await ask({ email }), email).to.equal(notExact)
    expect(await ask({})).to.equal(notExact)
  })

  it('answers HTTP 200 with code 0 where a limit is reached, for known and unknown addresses alike', async () => {
    await gateway.addUser({ email: 'limited@example.com' })
    for (const email of ['limited@example.com', 'stranger@example.com']) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => ask({ email })))
      expect(answers.filter((text) => text === done)).to.have.length(1)
      expect(answers.filter((text) => text === sendRefused)).to.have.length(9)
      expect(await gateway.sentTo(email)).to.have.length(1)
    }
    gateway.clock.advance(60_000)
    expect(await ask({ email: 'stranger@example.com' })).to.equal(done)
  })

  it('binds a code to the purpose that is sent with it', async () => {
    expect(await ask({ email: 'bound@example.com', purpose: 'reset' })).to.equal(done)
    const code = await lastCode('bound@example.com')
    expect(await take('bound@example.com', code, 'register')).to.equal('VALID_ERROR')
    expect(await take('bound@example.com', code, 'reset')).to.equal('right')
  })
})
