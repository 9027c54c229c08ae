import { expect } from 'chai'
import { codeSent, sendFailed } from '../../../answers.js'
import { startGateway, type TestGateway } from '../../../harness.js'
import { aliyunSettings, startAliyun } from '../../../servers/sms/aliyun.js'
import { onEachDatabase } from '../../../servers/databases.js'
import { startTencent, tencentSettings } from '../../../servers/sms/tencent.js'
import { startWebhook } from '../../../servers/sms/webhook.js'
import { prepared } from '../../../suite.js'

const minute = 60_000

onEachDatabase('text messages by vendors', (database) => {
  let gateway: TestGateway
  const closing: Promise<void>[] = []
  let lastNumber = 13_700_000_000
  // The vendors go by the clock that the requests are signed by.
  const now = (): number => gateway.clock.now()
  const aliyun = prepared(before, () => startAliyun(now))
  const tencent = prepared(before, () => startTencent(now))
  const webhook = prepared(before, () => startWebhook())
  after(async () => {
    await Promise.all(closing)
    await aliyun.stop()
    await tencent.stop()
    await webhook.stop()
  })
  afterEach(() => {
    // Each test has its own gateway; none waits until the one before has seen its clients off.
    closing.push(gateway.close())
    for (const vendor of [aliyun, tencent]) Object.assign(vendor, { mood: 'well', refusal: undefined })
    webhook.clear()
  })

  async function start(provider: string): Promise<void> {
    const settings = { ...aliyunSettings(aliyun), ...tencentSettings(tencent), SMS_WEBHOOK_URL: webhook.url }
    gateway = await startGateway(database, { ...settings, SMS_PROVIDER: provider })
    gateway.clock.freeze(Date.UTC(2026, 0, 5, 8))
  }
  const newMobile = (): string => String(++lastNumber)
  const send = async (mobile = newMobile(), area = '86'): Promise<string> =>
    (await gateway.call('web.passport.sendcode', { mobile, area })).text
  const check = async (mobile: string, code = ''): Promise<string | undefined> =>
    (await gateway.call('web.passport.checkcode', { mobile, area: '86', code })).json?.message

  /** The counters of sends by SMS that have counted any, as `provider outcome count`; all are shown from the start. */
  async function sends(): Promise<string[]> {
    const { text } = await gateway.request('/metrics')
    const pattern = /^gateway_sends_total\{channel="sms",provider="(\w+)",outcome="(\w+)"\} ([1-9]\d*)$/gm
    return [...text.matchAll(pattern)].map(([, ...found]) => found.join(' ')).sort()
  }

  function logged(message: RegExp): Record<string, unknown>[] {
    const lines = gateway.logLines.map((line) => JSON.parse(line) as Record<string, unknown>)
    return lines.filter(({ msg }) => message.test(String(msg)))
  }

  it('bring a code by Aliyun that checkcode takes', async () => {
    await start('aliyun')
    const mobile = newMobile()
    expect(await send(mobile)).to.equal(codeSent)
    const message = aliyun.messages.at(-1)
    expect(message).to.include({ PhoneNumbers: mobile, TemplateCode: 'SMS_101' })
    const { code } = JSON.parse(message?.['TemplateParam'] ?? '') as { code: string }
    expect(code).to.match(/^[1-9]\d{3}$/)
    expect(await check(mobile, code)).to.equal('校验成功')
    expect(await sends()).to.deep.equal(['aliyun sent 1'])
  })

  it('bring a code by Tencent that checkcode takes', async () => {
    await start('tencent')
    const mobile = newMobile()
    expect(await send(mobile)).to.equal(codeSent)
    const { PhoneNumberSet, TemplateParamSet } = tencent.messages.at(-1) ?? expect.fail('nothing was sent')
    expect(PhoneNumberSet).to.deep.equal([`+86${mobile}`])
    expect(await check(mobile, TemplateParamSet[0])).to.equal('校验成功')
    expect(await sends()).to.deep.equal(['tencent sent 1'])
  })

  it('go abroad by either', async () => {
    await start('aliyun,tencent')
    expect(await send('51234567', '852')).to.equal(codeSent)
    expect(aliyun.messages.at(-1)).to.include({ PhoneNumbers: '85251234567', TemplateCode: 'SMS_103' })
    aliyun.refusal = 'isv.BUSINESS_LIMIT_CONTROL'
    gateway.clock.advance(minute)
    expect(await send('51234567', '852')).to.equal(codeSent)
    expect(tencent.messages.at(-1)).to.deep.include({ PhoneNumberSet: ['+85251234567'], TemplateId: '2003' })
  })

  it('go by the next vendor of SMS_PROVIDER when one fails, each try counted and logged once', async () => {
    await start('tencent,aliyun,webhook')
    tencent.refusal = 'FailedOperation.InsufficientBalanceInSmsPackage'
    const mobile = newMobile()
    expect(await send(mobile)).to.equal(codeSent)
    expect(aliyun.messages.at(-1)).to.include({ PhoneNumbers: mobile })
    expect(webhook.bodies).to.deep.equal([])
    expect(await sends()).to.deep.equal(['aliyun sent 1', 'tencent failed 1'])
    aliyun.mood = 'hangs up'
    expect(await send()).to.equal(codeSent)
    expect(webhook.bodies).to.have.length(1)
    expect(await sends()).to.deep.equal([
      'aliyun failed 1',
      'aliyun sent 1',
      'tencent failed 2',
      'webhook sent 1',
    ])
    const told = logged(/did not take/).map(({ provider, template, error }) => ({
      provider,
      template,
      error,
    }))
    expect(told[0]).to.deep.equal({
      provider: 'tencent',
      template: 'code',
      error: { name: 'SEND_FAILED', detail: 'tencent: FailedOperation.InsufficientBalanceInSmsPackage' },
    })
    expect(told.map(({ provider }) => provider)).to.deep.equal(['tencent', 'tencent', 'aliyun'])
  })

  it('answer 425 when every vendor fails, and leave no code valid', async () => {
    await start('aliyun,tencent')
    aliyun.refusal = 'isv.AMOUNT_NOT_ENOUGH'
    tencent.mood = 'bad gateway'
    const mobile = newMobile()
    expect(await send(mobile)).to.equal(sendFailed)
    expect(await check(mobile, '1234')).to.equal('验证错误！')
    expect(await sends()).to.deep.equal(['aliyun failed 1', 'tencent failed 1'])
  })

  it('leave a vendor alone for a while that failed three times in a row', async () => {
    await start('aliyun,tencent')
    aliyun.mood = 'hangs up'
    const { requests } = aliyun
    for (let n = 0; n < 5; n++) expect(await send()).to.equal(codeSent)
    expect(aliyun.requests).to.equal(requests + 3)
    expect(logged(/left out for a while/)).to.have.length(1)
    aliyun.mood = 'well'
    gateway.clock.advance(30_000)
    expect(await send()).to.equal(codeSent)
    expect(await sends()).to.deep.equal(['aliyun failed 3', 'aliyun sent 1', 'tencent sent 5'])
  })

  it('are counted for the outbox too, which is asked of nobody else', async () => {
    await start('outbox')
    expect(await send()).to.equal(codeSent)
    expect(await sends()).to.deep.equal(['outbox sent 1'])
  })

  it('never show numbers, codes or keys in the log', async () => {
    await start('aliyun,tencent')
    aliyun.mood = 'hangs up'
    tencent.refusal = 'LimitExceeded.PhoneNumberDailyLimit'
    const mobile = newMobile()
    expect(await send(mobile)).to.equal(sendFailed)
    expect(logged(/did not take/)).to.have.length(2)
    for (const secret of [mobile, 'made/up+secret', 'LTAI5tMadeUp', 'AKIDMadeUp'])
      expect(gateway.logLines.join('\n')).not.to.contain(secret)
  })
})
