import { expect } from 'chai'
import { countryOf } from '../../../../methods/rules/contacts/textable.js'
import { codeSent, mobileMalformed, refusal, sendRefused, tryLater } from '../../../answers.js'
import { onEachDatabase } from '../../../servers/databases.js'
import { startWebhook } from '../../../servers/sms/webhook.js'
import { prepared, useGateway, withGateway } from '../../../suite.js'

const refusedNumber = refusal(0, '手机号码不准确！', 'SEND_MOBILE_FORM')

/** Numbers that cost much, or reach nobody: kind, area, national number. */
const untextable = [
  ['a satellite phone of Iridium', '881', '612345678'],
  ['a satellite phone of Inmarsat', '870', '773123456'],
  ['a premium number of the United States', '1', '9005551234'],
  ['a premium number of Great Britain', '44', '8712345678'],
  ['a landline', '44', '2071234567'],
  ['an international premium number', '979', '123456789'],
  ['an area that does not exist', '999', '12345678'],
  ['a country that is not listed', '33', '612345678'],
  ['an island that shares its area with a listed country', '1', '8765551234'],
  ['another one', '44', '7781123456'],
] as const

describe('the country of a mobile number', () => {
  it('is that of who was given it', () => {
    for (const [number, country] of [
      ['+8613912345678', 'CN'],
      ['+85251234567', 'HK'],
      ['+12025550123', 'US'],
      ['+447400123456', 'GB'],
      ['+447781123456', 'GG'],
      ['+881612345678', undefined],
      ['+442071234567', undefined],
      ['+99912345678', undefined],
      ['text', undefined],
    ] as const)
      expect(countryOf(number), number).to.equal(country)
  })
})

withGateway('numbers that are not texted', (gateway) => {
  for (const [kind, area, mobile] of untextable)
    it(`refuse ${kind} on every wire, and use no limit up`, async () => {
      const { text } = await gateway.call('web.passport.sendcode', { area, mobile })
      expect(text).to.equal(mobileMalformed)
      const query = new URLSearchParams({ mobile: `+${area}${mobile}` })
      expect((await gateway.request(`/front/sys/captcha/mobile?${query.toString()}`)).text).to.equal(
        refusedNumber,
      )
      expect(await gateway.sentTo(`+${area}${mobile}`)).to.deep.equal([])
      expect(await gateway.db('usage_limit').where('name', 'like', '%:sms:%')).to.deep.equal([])
    })
})

withGateway('SMS_COUNTRIES=any', { SMS_COUNTRIES: 'any' }, (gateway) => {
  it('texts mobile numbers of all countries, and nothing else', async () => {
    const send = async (area: string, mobile: string) =>
      (await gateway.call('web.passport.sendcode', { area, mobile })).text
    expect(await send('33', '612345678')).to.equal(codeSent)
    expect(await send('1', '8765551234')).to.equal(codeSent)
    for (const [area, mobile] of [
      ['881', '612345678'],
      ['44', '2071234567'],
      ['999', '12345678'],
    ] as const)
      expect(await send(area, mobile)).to.equal(mobileMalformed)
  })
})

onEachDatabase('codes of which next to none are used', (database) => {
  const webhook = prepared(before, () => startWebhook())
  const gateway = useGateway(database, () => ({ SMS_PROVIDER: 'webhook', SMS_WEBHOOK_URL: webhook.url }))
  after(() => webhook.stop())
  before(() => gateway.clock.freeze(Date.UTC(2026, 0, 5, 8)))

  const send = (mobile: string, area = '65') => gateway.call('web.passport.sendcode', { area, mobile })
  const lastCode = () => (webhook.bodies.at(-1) as { code: string }).code
  let last = 81_000_000
  const sendSome = async (count: number) => {
    for (let n = 0; n < count; n++) expect((await send(String(++last))).text).to.equal(codeSent)
  }

  it('stop codes to a country, for strangers, until six hours later', async () => {
    await send('81234567')
    const known = new URLSearchParams({ verify_key: '+6581234567', verify_code: lastCode() })
    expect(
      (await gateway.request(`/front/account/login/doSmsLogin?${known.toString()}`)).json?.code,
    ).to.equal(0)
    await sendSome(60)
    gateway.clock.advance(600_000)
    await gateway.services.codeConversion.exchange()
    const refused = await send(String(++last))
    expect([refused.status, refused.text, refused.headers.get('retry-after')]).to.deep.equal([
      200,
      tryLater,
      '600',
    ])
    const query = new URLSearchParams({ mobile: `+65${++last}` })
    expect((await gateway.request(`/front/sys/captcha/mobile?${query.toString()}`)).text).to.equal(
      sendRefused,
    )
    expect((await send('81234567')).text, 'a known user').to.equal(codeSent)
    expect((await send('13612345678', '86')).text, 'another country').to.equal(codeSent)
    const metrics = await gateway.services.metrics.registry.metrics()
    expect(metrics).to.match(/gateway_sms_conversion_ratio\{country="SG"\} 0\.016/)
    expect(metrics).to.match(/gateway_sms_codes_total\{country="SG",outcome="sent"\} 62/)
    expect(gateway.logLines.filter((line) => line.includes('SG: 1 of 61'))).to.have.length(1)
    gateway.clock.advance(6 * 3_600_000)
    await gateway.services.codeConversion.exchange()
    await sendSome(1)
  })

  it('do not stop a country while enough are used', async () => {
    gateway.clock.advance(7 * 3_600_000)
    for (let n = 0; n < 60; n++) {
      await sendSome(1)
      if (n % 6 === 0)
        await gateway.call('web.passport.checkcode', { area: '65', mobile: String(last), code: lastCode() })
    }
    gateway.clock.advance(600_000)
    await gateway.services.codeConversion.exchange()
    await sendSome(1)
  })
})
