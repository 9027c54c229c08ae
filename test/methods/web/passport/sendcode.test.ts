import { expect } from 'chai'
import {
  codeSent,
  mobileMalformed,
  mobileMissing,
  sendFailed,
  tryLater,
  uidMissing,
} from '../../../answers.js'
import { type CallOptions, startGateway, type TestGateway } from '../../../harness.js'
import { onEachDatabase } from '../../../servers/databases.js'
import { startWebhook } from '../../../servers/sms/webhook.js'
import { prepared } from '../../../suite.js'

const notTheirs = '{"code":10001,"message":"手机号码不匹配"}'

const minute = 60_000
const hour = 3_600_000
const day = 86_400_000

let gateway: TestGateway
let lastNumber = 13_800_000_000
const newMobile = (): string => String(++lastNumber)

async function start(url: string, env: Record<string, string> = {}): Promise<void> {
  gateway = await startGateway({ url }, env)
  gateway.clock.freeze(Date.UTC(2026, 0, 5, 8))
}

async function send(params: Record<string, string>, options?: CallOptions): Promise<string> {
  const { status, text } = await gateway.call('web.passport.sendcode', params, options)
  expect(status).to.equal(200)
  return text
}

async function sendSome(count: number, mobile: string, gap = minute): Promise<string[]> {
  const answers: string[] = []
  for (let n = 0; n < count; n++) {
    answers.push(await send({ mobile }))
    gateway.clock.advance(gap)
  }
  return answers
}

/** Asks once for each of so many new numbers. */
async function sendToNew(count: number, options?: CallOptions): Promise<string[]> {
  const answers: string[] = []
  for (let n = 0; n < count; n++) answers.push(await send({ mobile: newMobile() }, options))
  return answers
}

const times = (count: number, answer: string): string[] => Array.from({ length: count }, () => answer)

onEachDatabase('web.passport.sendcode', (database) => {
  before(() => start(database.url))
  after(() => gateway.close())

  it('texts a code of four digits and answers 发送成功, to GET and POST alike', async () => {
    const mobile = newMobile()
    expect(await send({ mobile, area: '86' })).to.equal(codeSent)
    const [message] = await gateway.sentTo(`+86${mobile}`)
    expect(message?.text).to.match(/^您的验证码是[1-9]\d{3}，10分钟内有效，请勿告诉他人。$/)
    expect(await send({ mobile: newMobile(), area: '86' }, { verb: 'POST' })).to.equal(codeSent)
  })

  it('answers a missing number with 401 and a malformed one with 402, under HTTP 200', async () => {
    expect(await send({})).to.equal(mobileMissing)
    expect(await send({ mobile: '', area: '86', uid: 'x' })).to.equal(mobileMissing)
    for (const mobile of ['1391234567', '139123456789', '12345678901', '1391234567a', '8'.repeat(33)])
      expect(await send({ mobile }), mobile).to.equal(mobileMalformed)
    expect(await send({ mobile: newMobile(), area: '852' })).to.equal(mobileMalformed)
    expect(await send({ mobile: newMobile(), area: '8'.repeat(9) })).to.equal(mobileMalformed)
  })

  it('sends to the areas in use, however they are written', async () => {
    const written = [
      { mobile: '51234567', area: '852', to: '+85251234567' },
      { mobile: '66123456', area: '+853', to: '+85366123456' },
      { mobile: '886-912345678', area: '86', to: '+886912345678' },
      { mobile: '+65-81234567', to: '+6581234567' },
      { mobile: '60-123456789', area: '', to: '+60123456789' },
    ]
    for (const { to, ...params } of written) {
      expect(await send(params), to).to.equal(codeSent)
      expect(await gateway.sentTo(to)).to.have.length(1)
    }
  })

  it('writes Chinese to Chinese areas and English to others', async () => {
    await send({ mobile: '61234567', area: '852' })
    await send({ mobile: '7400123456', area: '44' })
    expect((await gateway.sentTo('+85261234567'))[0]?.text).to.match(/^您的验证码是/)
    const english = /^Your code is [1-9]\d{3}\. It is valid for 10 minutes\. Tell it to nobody\.$/
    expect((await gateway.sentTo('+447400123456'))[0]?.text).to.match(english)
  })

  it('sends to no other number than the user’s own when it is told the user', async () => {
    const mobile = newMobile()
    const { uid } = await gateway.addUser({ mobile })
    const { uid: without } = await gateway.addUser()
    expect(await send({ mobile: newMobile(), uid: String(uid) })).to.equal(notTheirs)
    expect(await send({ mobile, uid: String(without) })).to.equal(notTheirs)
    expect(await send({ mobile, uid: '999999999' })).to.equal(notTheirs)
    expect(await send({ mobile, uid: 'x1' })).to.equal(uidMissing)
    expect(await send({ mobile: '1', uid: String(uid) })).to.equal(mobileMalformed)
    expect(await gateway.sentTo(`+86${mobile}`)).to.have.length(0)
    // The refusals above have used up nothing, the gap neither.
    expect(await send({ mobile: `86-${mobile}`, area: '1', uid: String(uid) })).to.equal(codeSent)
    expect(await gateway.sentTo(`+86${mobile}`)).to.have.length(1)
  })

  it('answers for unknown numbers as for known ones', async () => {
    const mobile = newMobile()
    await gateway.addUser({ mobile })
    expect(await send({ mobile, uid: '' })).to.equal(codeSent)
    expect(await send({ mobile: newMobile(), uid: '' })).to.equal(codeSent)
  })

  it('sends to one number once a minute, however the number is written', async () => {
    const mobile = newMobile()
    await send({ mobile })
    const refused = await gateway.call('web.passport.sendcode', { mobile: `86-${mobile}`, area: '852' })
    expect([refused.status, refused.text]).to.deep.equal([200, tryLater])
    expect(refused.headers.get('retry-after')).to.equal('60')
    gateway.clock.advance(minute - 1)
    expect(await send({ mobile })).to.equal(tryLater)
    gateway.clock.advance(1)
    expect(await send({ mobile })).to.equal(codeSent)
    expect(await gateway.sentTo(`+86${mobile}`)).to.have.length(2)
  })

  it('sends once when it is asked twenty times in parallel', async () => {
    const mobile = newMobile()
    const answers = await Promise.all(Array.from({ length: 20 }, () => send({ mobile })))
    expect(answers.sort()).to.deep.equal([codeSent, ...times(19, tryLater)])
    expect(await gateway.sentTo(`+86${mobile}`)).to.have.length(1)
  })

  it('sends to one number five times an hour and ten times a day', async () => {
    const mobile = newMobile()
    expect(await sendSome(5, mobile)).to.deep.equal(times(5, codeSent))
    const refused = await gateway.call('web.passport.sendcode', { mobile })
    expect([refused.text, refused.headers.get('retry-after')]).to.deep.equal([tryLater, '3300'])
    gateway.clock.advance(hour - 5 * minute)
    expect(await sendSome(6, mobile)).to.deep.equal([...times(5, codeSent), tryLater])
    gateway.clock.advance(hour)
    expect(await send({ mobile })).to.equal(tryLater)
    gateway.clock.advance(day - 2 * hour - 6 * minute - 1)
    expect(await send({ mobile })).to.equal(tryLater)
    gateway.clock.advance(1)
    expect(await send({ mobile })).to.equal(codeSent)
  })
})

onEachDatabase('web.passport.sendcode, for one caller’s address', (database) => {
  before(() => start(database.url, { LIMIT_IP_SCALE: '1', TRUST_PROXY: '127.0.0.1' }))
  after(() => gateway.close())
  const from = (ip: string, app = gateway.web): CallOptions => ({ headers: { 'x-real-ip': ip }, app })

  it('sends twenty times an hour, to whatever numbers and for whatever applications', async () => {
    const other = await gateway.addApp()
    expect(await sendToNew(12, from('203.0.113.7'))).to.deep.equal(times(12, codeSent))
    expect(await sendToNew(9, from('203.0.113.7', other))).to.deep.equal([...times(8, codeSent), tryLater])
    expect(await sendToNew(1, from('203.0.113.8'))).to.deep.equal([codeSent])
    gateway.clock.advance(hour)
    expect(await sendToNew(1, from('203.0.113.7'))).to.deep.equal([codeSent])
  })

  it('does not hold an application that is bound to its own addresses to that', async () => {
    const backend = await gateway.addApp({ addresses: ['203.0.113.0/24'] })
    expect(await sendToNew(22, from('203.0.113.9', backend))).to.deep.equal(times(22, codeSent))
    expect(await sendToNew(1, from('203.0.113.9'))).to.deep.equal([codeSent])
  })
})

onEachDatabase('web.passport.sendcode, for all numbers together', (database) => {
  const webhook = prepared(before, () => startWebhook())
  before(async () => {
    await start(database.url, {
      CODE_PER_DAY: '3',
      SMS_PROVIDER: 'webhook',
      SMS_WEBHOOK_URL: webhook.url,
    })
  })
  after(async () => {
    await gateway.close()
    await webhook.stop()
  })

  it('sends CODE_PER_DAY messages a day, those that failed not counted', async () => {
    webhook.status = 500
    expect(await sendToNew(4)).to.deep.equal(times(4, sendFailed))
    webhook.status = 200
    expect(await sendToNew(4)).to.deep.equal([...times(3, codeSent), tryLater])
    gateway.clock.advance(day - 1)
    expect(await sendToNew(1)).to.deep.equal([tryLater])
    gateway.clock.advance(1)
    expect(await sendToNew(1)).to.deep.equal([codeSent])
  })
})

onEachDatabase('web.passport.sendcode, by a vendor', (database) => {
  const webhook = prepared(before, () => startWebhook())
  before(async () => {
    await start(database.url, {
      SMS_PROVIDER: 'webhook',
      SMS_WEBHOOK_URL: webhook.url,
      CODE_PER_IP_HOUR: '8',
      LIMIT_IP_SCALE: '1',
      TRUST_PROXY: '127.0.0.1',
    })
  })
  beforeEach(() => {
    webhook.status = 200
    webhook.clear()
    gateway.clock.advance(hour)
  })
  after(async () => {
    await gateway.close()
    await webhook.stop()
  })

  function lastMessage(): { code: string; text: string } {
    return webhook.bodies.at(-1) as { code: string; text: string }
  }

  it('hands over number, area, text, code and template', async () => {
    const mobile = newMobile()
    expect(await send({ mobile })).to.equal(codeSent)
    const { code } = lastMessage()
    expect(code).to.match(/^[1-9]\d{3}$/)
    const text = `您的验证码是${code}，10分钟内有效，请勿告诉他人。`
    expect(webhook.bodies).to.deep.equal([{ mobile, area: '86', text, code, template: 'code' }])
    await send({ mobile: '852-51234567' })
    expect(webhook.bodies.at(-1)).to.include({ mobile: '51234567', area: '852' })
  })

  it('answers 425 when the vendor fails, and leaves no code valid', async () => {
    const mobile = newMobile()
    webhook.status = 500
    expect(await send({ mobile })).to.equal(sendFailed)
    const { code } = lastMessage()
    const { json } = await gateway.call('web.passport.checkcode', { mobile, code })
    expect(json).to.deep.equal({ code: 404, message: '验证错误！' })
  })

  it('counts a failed send for the gap, but not for the hour', async () => {
    const mobile = newMobile()
    webhook.status = 503
    expect(await send({ mobile })).to.equal(sendFailed)
    expect(await send({ mobile })).to.equal(tryLater)
    gateway.clock.advance(minute)
    expect(await send({ mobile })).to.equal(sendFailed)
    webhook.status = 200
    gateway.clock.advance(minute)
    expect(await sendSome(6, mobile)).to.deep.equal([...times(5, codeSent), tryLater])
  })

  it('counts a failed send for the caller’s address', async () => {
    webhook.status = 500
    expect(await sendToNew(8)).to.deep.equal(times(8, sendFailed))
    webhook.status = 200
    expect(await sendToNew(1)).to.deep.equal([tryLater])
  })

  it('counts a failed send not for the number’s day', async () => {
    const mobile = newMobile()
    const elsewhere = { headers: { 'x-real-ip': '203.0.113.9' } }
    for (let n = 0; n < 12; n++) {
      webhook.status = n < 3 ? 500 : 200
      expect(await send({ mobile }, elsewhere), `send ${n}`).to.equal(n < 3 ? sendFailed : codeSent)
      gateway.clock.advance(hour / 4)
    }
    expect(webhook.bodies).to.have.length(12)
  })

  it('answers 425 when the vendor can’t be reached', async () => {
    await webhook.stop()
    expect(await send({ mobile: newMobile() })).to.equal(sendFailed)
  })
})
