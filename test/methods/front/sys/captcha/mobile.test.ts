import { expect } from 'chai'
import { GatewayError } from '../../../../../gateway/outcome/errors.js'
import { storeCaptcha } from '../../../../../methods/rules/codes/captchas.js'
import { defined } from '../../../../../gateway/wire/defined-fields.js'
import { takeCode } from '../../../../../methods/rules/codes/attempts.js'
import { done, refusal, sendRefused } from '../../../../answers.js'
import { startGateway } from '../../../../harness.js'
import { startWebhook } from '../../../../servers/sms/webhook.js'
import { withGatewayPerTest } from '../../../../suite.js'

const notExact = refusal(0, '手机号码不准确！', 'SEND_MOBILE_FORM')

const path = '/front/sys/captcha/mobile'

let lastNumber = 13_700_000_000
const newMobile = (): string => String(++lastNumber)

const caller = { ip: '127.0.0.1', app: undefined, session: undefined }

withGatewayPerTest('front.sys.captcha.mobile', (gateway, database) => {
  beforeEach(() => gateway.clock.freeze(Date.UTC(2026, 0, 5, 8)))

  /** The answer, which is HTTP 200 whatever it says. */
  const ask = async (params: Record<string, string>, init?: RequestInit): Promise<string> => {
    const { status, text } = await gateway.request(`${path}?${new URLSearchParams(params).toString()}`, init)
    expect(status).to.equal(200)
    return text
  }
  const take = (mobile: string, code: string, purpose?: string): Promise<string> =>
    takeCode(gateway.services, { address: `sms:+86${mobile}`, code, ...defined({ purpose }) }, caller).then(
      () => 'right',
      (error: unknown) => (error instanceof GatewayError ? error.key : String(error)),
    )

  it('texts a code of four digits to a number, known or not, and answers no data', async () => {
    const known = newMobile()
    await gateway.addUser({ mobile: known })
    for (const mobile of [known, newMobile()]) {
      expect(await ask({ mobile: `+86${mobile}` })).to.equal(done)
      const code = await gateway.lastCode(mobile)
      expect(code).to.match(/^[1-9]\d{3}$/)
      expect(await take(mobile, code)).to.equal('right')
    }
  })

  it('takes a number in every form that clients write, and POST too', async () => {
    const written = ['8613900000001', '13900000002', ' 8613900000003', '+8613900000004', '+85251234567']
    for (const mobile of written) expect(await ask({ mobile }), mobile).to.equal(done)
    expect((await gateway.request(`${path}?mobile=+8613900000005`)).text).to.equal(done)
    expect(await ask({ mobile: '13900000006' }, { method: 'POST' })).to.equal(done)
    for (const last of [1, 2, 3, 4, 5, 6])
      expect(await gateway.sentTo(`+861390000000${last}`), String(last)).to.have.length(1)
    expect(await gateway.sentTo('+85251234567')).to.have.length(1)
    const body = new URLSearchParams({ mobile: '13900000007' })
    expect(await ask({}, { method: 'POST', body })).to.equal(done)
  })

  it('answers 手机号码不正确 for what is no mobile number', async () => {
    for (const mobile of ['', '1391234567', '139123456789', '12345678901', '+', '+86', 'x', '1'.repeat(33)])
      expect(await ask({ mobile }), mobile).to.equal(notExact)
    expect(await ask({})).to.equal(notExact)
  })

  it('answers HTTP 200 with code 0 where a limit is reached, for known and unknown numbers alike', async () => {
    const known = newMobile()
    const unknown = newMobile()
    await gateway.addUser({ mobile: known })
    for (const mobile of [known, unknown]) {
      expect(await ask({ mobile })).to.equal(done)
      expect(await ask({ mobile })).to.equal(sendRefused)
      const { headers } = await gateway.request(`${path}?mobile=${mobile}`)
      expect(headers.get('retry-after')).to.equal('60')
      expect(await gateway.sentTo(`+86${mobile}`)).to.have.length(1)
    }
    gateway.clock.advance(60_000)
    expect(await ask({ mobile: unknown })).to.equal(done)
  })

  it('sends one code however many ask at the same time', async () => {
    const mobile = newMobile()
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask({ mobile })))
    expect(answers.filter((text) => text === done)).to.have.length(1)
    expect(answers.filter((text) => text === sendRefused)).to.have.length(19)
    expect(await gateway.sentTo(`+86${mobile}`)).to.have.length(1)
  })

  it('binds a code to the purpose that is sent with it', async () => {
    const bound = newMobile()
    expect(await ask({ mobile: bound, purpose: 'login' })).to.equal(done)
    const code = await gateway.lastCode(bound)
    expect(await take(bound, code, 'register')).to.equal('VALID_ERROR')
    expect(await take(bound, code, 'login')).to.equal('right')
    const free = newMobile()
    expect(await ask({ mobile: free, purpose: '' })).to.equal(done)
    expect(await take(free, await gateway.lastCode(free), 'bind')).to.equal('right')
  })

  it('refuses a purpose that there is not', async () => {
    const mobile = newMobile()
    const { json } = await gateway.request(`${path}?mobile=${mobile}&purpose=pay`)
    expect(json).to.include({ code: 300, error: 'PARAM_ERROR' })
    expect(await gateway.sentTo(`+86${mobile}`)).to.deep.equal([])
  })

  it("never lets a picture's answer pass as the number's code", async () => {
    const mobile = newMobile()
    for (const key of [`+86${mobile}`, `sms:+86${mobile}`]) await storeCaptcha(gateway.services, key, '1234')
    expect(await take(mobile, '1234')).to.equal('VALID_ERROR')
  })

  it('answers HTTP 200 with code 0 when the vendor fails', async () => {
    const webhook = await startWebhook()
    webhook.status = 500
    const failing = await startGateway(database, { SMS_PROVIDER: 'webhook', SMS_WEBHOOK_URL: webhook.url })
    const { status, text } = await failing.request(`${path}?mobile=${newMobile()}`)
    expect(status).to.equal(200)
    expect(text).to.equal(refusal(0, '发送失败', 'SEND_FAILED'))
    await failing.close()
    await webhook.stop()
  })
})
