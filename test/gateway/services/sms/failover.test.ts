import { expect } from 'chai'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { createLog } from '../../../../gateway/services/telemetry/log.js'
import { createMetrics, type Metrics } from '../../../../gateway/services/telemetry/metrics.js'
import { createFailover } from '../../../../gateway/services/sms/failover.js'
import { MessageRefused, type SmsSender } from '../../../../gateway/services/sms/sms-sender.js'
import { createMovableClock, type MovableClock } from '../../../harness.js'
import { codeMessage, detailOf } from './messages.js'

type Behaviour = 'takes' | 'fails' | 'refuses' | 'breaks'

/** A vendor that does as it is told, and notes how long each try was given. */
interface ToldVendor extends SmsSender {
  behaviour: Behaviour
  readonly patience: (number | undefined)[]
  /** While set, tries wait for it. */
  gate: Promise<void> | undefined
}

function createTold(provider: string): ToldVendor {
  const vendor: ToldVendor = {
    provider,
    behaviour: 'takes',
    patience: [],
    gate: undefined,
    async send(_, patience) {
      vendor.patience.push(patience)
      await vendor.gate
      if (vendor.behaviour === 'fails') throw new GatewayError('SEND_FAILED', { detail: `${provider}: down` })
      if (vendor.behaviour === 'refuses') throw new MessageRefused(`${provider}: number`)
      if (vendor.behaviour === 'breaks') throw new TypeError('nobody expected this')
    },
  }
  return vendor
}

const restMilliseconds = 30_000

describe('fail-over between vendors of text messages', () => {
  let clock: MovableClock
  let lines: string[]
  let first: ToldVendor
  let second: ToldVendor
  let sender: SmsSender
  let metrics: Metrics
  beforeEach(() => {
    clock = createMovableClock()
    clock.freeze(Date.UTC(2026, 0, 5))
    lines = []
    first = createTold('first')
    second = createTold('second')
    sender = failoverOf(first, second)
  })

  function failoverOf(...vendors: ToldVendor[]): SmsSender {
    const log = createLog('info', { write: (line) => lines.push(line), flush() {}, flushSync() {} })
    metrics = createMetrics()
    return createFailover(vendors, { clock, log, metrics })
  }

  /** How often each was tried since it was last asked. */
  const tries = (): [first: number, second: number] => [
    first.patience.splice(0).length,
    second.patience.splice(0).length,
  ]

  async function send(count = 1): Promise<void> {
    for (let n = 0; n < count; n++) await sender.send(codeMessage)
  }

  it('goes to the first vendor while that one takes messages', async () => {
    await send(3)
    expect(tries()).to.deep.equal([3, 0])
    expect(sender.provider).to.equal('first,second')
  })

  it('goes to the next when a vendor fails, refuses the message, or breaks', async () => {
    for (const behaviour of ['fails', 'refuses', 'breaks'] as const) {
      first.behaviour = behaviour
      await send()
      expect(tries(), behaviour).to.deep.equal([1, 1])
    }
  })

  it('fails when all do, and says what each had against it', async () => {
    first.behaviour = 'refuses'
    second.behaviour = 'fails'
    expect(await detailOf(sender.send(codeMessage))).to.equal('first: number; second: down')
    second.behaviour = 'breaks'
    expect(await detailOf(sender.send(codeMessage))).to.equal('first: number; second: failed')
  })

  it('gives all vendors together nine seconds, and none more than five', async () => {
    const vendors = ['a', 'b', 'c'].map(createTold)
    for (const vendor of vendors) vendor.behaviour = 'fails'
    for (const [count, share] of [
      [2, 4500],
      [3, 3000],
    ] as const) {
      await detailOf(failoverOf(...vendors.slice(0, count)).send(codeMessage))
      for (const vendor of vendors.slice(0, count)) expect(vendor.patience.splice(0)).to.deep.equal([share])
    }
  })

  it('gives the only vendor that is not left out its five seconds', async () => {
    first.behaviour = 'fails'
    await send(3)
    tries()
    await send()
    expect(second.patience).to.deep.equal([5000])
  })

  it('leaves a vendor out for 30 s after three failures in a row', async () => {
    first.behaviour = 'fails'
    await send(5)
    expect(tries()).to.deep.equal([3, 5])
    clock.advance(restMilliseconds - 1)
    await send()
    expect(tries()).to.deep.equal([0, 1])
    clock.advance(1)
    first.behaviour = 'takes'
    await send(2)
    expect(tries()).to.deep.equal([2, 0])
  })

  it('leaves it out again at once when the message after the rest fails', async () => {
    first.behaviour = 'fails'
    await send(3)
    clock.advance(restMilliseconds)
    await send(2)
    expect(tries()).to.deep.equal([4, 5])
    clock.advance(restMilliseconds - 1)
    await send()
    expect(tries()).to.deep.equal([0, 1])
  })

  it('lets one message try a vendor after its rest while the others keep away', async () => {
    first.behaviour = 'fails'
    await send(3)
    tries()
    clock.advance(restMilliseconds)
    let open = (): void => {}
    first.gate = new Promise((resolve) => (open = resolve))
    first.behaviour = 'takes'
    const probe = send()
    await send(2)
    expect(tries()).to.deep.equal([1, 2])
    open()
    await probe
    await send()
    expect(tries()).to.deep.equal([1, 0])
  })

  it('begins to count anew after each message that was taken', async () => {
    for (const behaviour of ['fails', 'fails', 'takes', 'fails', 'fails', 'takes'] as const) {
      first.behaviour = behaviour
      await send()
    }
    expect(tries()).to.deep.equal([6, 4])
  })

  it('counts no refused messages: they say nothing of the vendor', async () => {
    first.behaviour = 'refuses'
    await send(10)
    expect(tries()).to.deep.equal([10, 10])
    first.behaviour = 'fails'
    await send(2)
    first.behaviour = 'refuses'
    await send()
    first.behaviour = 'fails'
    await send(2)
    expect(tries()).to.deep.equal([4, 5])
  })

  it('does not take a refused message for a sign that a vendor works again', async () => {
    first.behaviour = 'fails'
    await send(3)
    tries()
    clock.advance(restMilliseconds)
    first.behaviour = 'refuses'
    await send()
    first.behaviour = 'fails'
    await send(2)
    expect(tries()).to.deep.equal([2, 3])
  })

  it('tries the vendor whose rest ends first when all are left out', async () => {
    first.behaviour = 'fails'
    await send(3)
    clock.advance(1000)
    second.behaviour = 'fails'
    for (let n = 0; n < 3; n++) await detailOf(sender.send(codeMessage))
    tries()
    clock.advance(1000)
    expect(await detailOf(sender.send(codeMessage))).to.equal('first: down')
    expect(tries()).to.deep.equal([1, 0])
    second.behaviour = 'takes'
    await send(2)
    expect(tries()).to.deep.equal([0, 2])
  })

  it('logs once that a vendor is left out', async () => {
    first.behaviour = 'fails'
    await send(3)
    clock.advance(restMilliseconds)
    await send(2)
    expect(lines).to.have.length(1)
    expect(JSON.parse(lines[0] ?? '')).to.include({ level: 40, provider: 'first', count: 3 })
  })
})
