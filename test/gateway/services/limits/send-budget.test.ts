import { expect } from 'chai'
import { createLog } from '../../../../gateway/services/telemetry/log.js'
import { createMetrics, type Metrics } from '../../../../gateway/services/telemetry/metrics.js'
import { createSendBudget, type SendBudget } from '../../../../gateway/services/limits/send-budget.js'
import { createMovableClock, type MovableClock } from '../../../harness.js'
import { onEachDatabase } from '../../../servers/databases.js'
import { startWebhook } from '../../../servers/sms/webhook.js'
import { prepared, useGateway } from '../../../suite.js'

const day = 86_400_000
const start = Date.UTC(2026, 0, 5, 8)

/** The gauge's lines without its help. */
function ratios(metrics: string): string[] {
  return metrics.split('\n').filter((line) => line.startsWith('gateway_codes_of_day_ratio'))
}

describe('the budget of messages of a day', () => {
  let clock: MovableClock
  let lines: string[]
  let metrics: Metrics
  let budget: SendBudget
  beforeEach(() => {
    clock = createMovableClock()
    clock.freeze(start)
    lines = []
    const log = createLog('info', { write: (line) => lines.push(line), flush() {}, flushSync() {} })
    metrics = createMetrics()
    budget = createSendBudget({ perDay: 10, clock, log, metrics })
  })

  it('shows nothing before the first message', async () => {
    expect(ratios(await metrics.registry.metrics())).to.deep.equal([])
  })

  it('shows the share that is used, by channel', async () => {
    budget.note('sms', 4, start + day)
    budget.note('mail', 1, start + day)
    budget.note('sms', 5, start + day)
    expect(ratios(await metrics.registry.metrics())).to.deep.equal([
      'gateway_codes_of_day_ratio{channel="sms"} 0.5',
      'gateway_codes_of_day_ratio{channel="mail"} 0.1',
    ])
  })

  it('shows 0 when the day is over and nothing was sent since', async () => {
    budget.note('sms', 10, start + day)
    clock.advance(day - 1)
    expect(ratios(await metrics.registry.metrics())).to.deep.equal([
      'gateway_codes_of_day_ratio{channel="sms"} 1',
    ])
    clock.advance(1)
    expect(ratios(await metrics.registry.metrics())).to.deep.equal([
      'gateway_codes_of_day_ratio{channel="sms"} 0',
    ])
  })

  it('warns from 80 % on, once a day and channel', () => {
    budget.note('sms', 7, start + day)
    expect(lines).to.deep.equal([])
    budget.note('sms', 8, start + day)
    expect(JSON.parse(lines[0] ?? '')).to.include({
      level: 40,
      count: 8,
      detail: 'sms: 8 of 10',
      msg: '80 % of CODE_PER_DAY is used',
    })
    budget.note('sms', 7, start + day)
    for (const used of [8, 9, 10]) budget.note('sms', used, start + day)
    expect(lines).to.have.length(1)
    budget.note('mail', 9, start + day)
    expect(lines).to.have.length(2)
    budget.note('sms', 8, start + 2 * day)
    budget.note('sms', 9, start + 2 * day)
    expect(lines).to.have.length(3)
  })

  it('adds up what was seen of each share of the day, and warns of all of them once', async () => {
    budget.note('sms', 3, start + day, 'first')
    budget.note('sms', 2, start + day + 5, 'second')
    budget.note('sms', 4, start + day, 'first')
    expect(ratios(await metrics.registry.metrics())).to.deep.equal([
      'gateway_codes_of_day_ratio{channel="sms"} 0.6',
    ])
    budget.note('sms', 4, start + day + 5, 'second')
    budget.note('sms', 5, start + day, 'first')
    budget.note('sms', 5, start + day + 5, 'second')
    expect(lines.map((line) => JSON.parse(line).detail)).to.deep.equal(['sms: 8 of 10'])
    clock.advance(day)
    expect(ratios(await metrics.registry.metrics())).to.deep.equal([
      'gateway_codes_of_day_ratio{channel="sms"} 0.5',
    ])
  })

  it('is summed up over workers as the highest share, not the sum', async () => {
    const [gauge] = (await metrics.registry.getMetricsAsJSON()).filter(
      ({ name }) => name === 'gateway_codes_of_day_ratio',
    )
    expect(gauge).to.include({ aggregator: 'max' })
  })
})

onEachDatabase('the budget of messages of a day, by the methods that send', (database) => {
  let lastNumber = 13_600_000_000
  const webhook = prepared(before, () => startWebhook())
  const gateway = useGateway(database, () => ({
    CODE_PER_DAY: '5',
    SMS_PROVIDER: 'webhook',
    SMS_WEBHOOK_URL: webhook.url,
  }))
  before(() => gateway.clock.freeze(start))
  after(() => webhook.stop())

  const sendCode = async (): Promise<number | undefined> =>
    (await gateway.call('web.passport.sendcode', { mobile: String(++lastNumber) })).json?.code
  const shown = async (): Promise<string[]> => ratios((await gateway.request('/metrics')).text)
  const warnings = (): string[] => gateway.logLines.filter((line) => line.includes('of CODE_PER_DAY'))

  it('follows the codes that went out, and not those that failed', async () => {
    expect(await sendCode()).to.equal(200)
    webhook.status = 500
    for (let n = 0; n < 9; n++) expect(await sendCode()).to.equal(425)
    webhook.status = 200
    expect(await sendCode()).to.equal(200)
    expect(await shown()).to.deep.equal(['gateway_codes_of_day_ratio{channel="sms"} 0.4'])
    expect(warnings()).to.deep.equal([])
  })

  it('warns once when four of five codes went out, before the limit stops everybody', async () => {
    expect(await sendCode()).to.equal(200)
    expect(warnings()).to.deep.equal([])
    expect(await sendCode()).to.equal(200)
    expect(warnings()).to.have.length(1)
    expect(await sendCode()).to.equal(200)
    expect(await sendCode()).to.equal(9999991)
    expect(warnings()).to.have.length(1)
    expect(await shown()).to.deep.equal(['gateway_codes_of_day_ratio{channel="sms"} 1'])
  })

  it('begins anew the day after', async () => {
    gateway.clock.advance(day)
    expect(await shown()).to.deep.equal(['gateway_codes_of_day_ratio{channel="sms"} 0'])
    expect(await sendCode()).to.equal(200)
    expect(await shown()).to.deep.equal(['gateway_codes_of_day_ratio{channel="sms"} 0.2'])
    expect(warnings()).to.have.length(1)
  })

  it('follows mail too: the verification that is waited for, and the one that is queued', async () => {
    const { uid } = await gateway.addUser()
    const verify = await gateway.call('web.passport.verifyEmail', {
      uid: String(uid),
      email: 'a@example.com',
    })
    expect(verify.json?.code).to.equal(200)
    expect(await shown()).to.include('gateway_codes_of_day_ratio{channel="mail"} 0.2')
    await gateway.addUser({ email: 'b@example.com' })
    const recovery = await gateway.call('app.register.backpwdByEmail', { email: 'b@example.com' })
    expect(recovery.json?.code).to.equal(200)
    // The queue spends it when the mail goes out.
    await gateway.sentTo('b@example.com')
    expect(await shown()).to.include('gateway_codes_of_day_ratio{channel="mail"} 0.4')
  })
})
