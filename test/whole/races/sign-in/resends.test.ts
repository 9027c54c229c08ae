import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { onEachDatabase } from '../../../servers/databases.js'
import { startWebhook, type Webhook } from '../../../servers/sms/webhook.js'
import { openTrack, type Track } from '../track.js'

const parallel = 100
const right = 200
const wrong = 404
const sent = 200
const failed = 425

onEachDatabase('a code while the next is on its way', function (database) {
  this.timeout(60_000)
  let sms: Webhook
  let track: Track
  before(async () => {
    sms = await startWebhook()
    const env = { SMS_PROVIDER: 'webhook', SMS_WEBHOOK_URL: sms.url, CODE_GAP: '0' }
    track = await openTrack(database, env)
  })
  after(async () => {
    await track?.close()
    await sms?.stop()
  })
  beforeEach(() => Object.assign(sms, { status: 200, delayMs: 0 }))

  const send = async (mobile: string) => (await track.call('web.passport.sendcode', { mobile })).code
  /** The code that the vendor was handed last; waits for one when `after` is given. */
  const handed = async (after = 0): Promise<string> => {
    while (sms.bodies.length <= after) await sleep(5)
    return (sms.bodies.at(-1) as { readonly code: string }).code
  }
  const check = (mobile: string, code: string) => ({
    method: 'web.passport.checkcode',
    params: { mobile, code },
  })
  const race = async (mobile: string, codes: readonly string[]) =>
    track.race(Array.from({ length: parallel }, (_, at) => check(mobile, codes[at % codes.length] ?? '')))

  it('is used once by 100 calls on all nodes, and leaves the next one, which then arrives', async () => {
    const mobile = '13900000011'
    expect(await send(mobile)).to.equal(sent)
    const former = await handed()
    sms.delayMs = 4000
    const [before, sending] = [sms.bodies.length, send(mobile)]
    await handed(before)
    expect((await race(mobile, [former])).codes[right]).to.equal(1)
    expect(await sending).to.equal(sent)
    expect(await track.db('sent_code').where({ address: `sms:+86${mobile}` })).to.have.length(1)
  })

  it('and the next one, tried together, are used once each at most, and what was used is not left', async () => {
    const mobile = '13900000012'
    expect(await send(mobile)).to.equal(sent)
    const former = await handed()
    sms.delayMs = 4000
    const [before, sending] = [sms.bodies.length, send(mobile)]
    const next = await handed(before)
    const { codes, answers } = await race(mobile, [former, next])
    const rightOnes = answers.flatMap(({ code }, at) => (code === right ? [at % 2] : []))
    expect(new Set(rightOnes).size, 'each was right once').to.equal(rightOnes.length)
    expect(codes[right]).to.be.within(1, 2)
    expect(await sending).to.equal(sent)
    // The former, used first, leaves the next, which those who came too late then have tried too often.
    const left = rightOnes.includes(1) ? 0 : 1
    expect(await track.db('sent_code').where({ address: `sms:+86${mobile}` })).to.have.length(left)
  })

  it('outlives 4 parallel sends that the vendor refuses', async () => {
    const mobile = '13900000013'
    expect(await send(mobile)).to.equal(sent)
    const former = await handed()
    Object.assign(sms, { status: 500, delayMs: 200 })
    const calls = Array.from({ length: 4 }, () => ({ method: 'web.passport.sendcode', params: { mobile } }))
    expect((await track.race(calls)).codes).to.deep.equal({ [failed]: 4 })
    expect((await track.race([check(mobile, former), check(mobile, former)])).codes).to.deep.equal({
      [right]: 1,
      [wrong]: 1,
    })
  })

  it('is the newest that was delivered, once 4 parallel sends are through', async () => {
    const mobile = '13900000014'
    const calls = Array.from({ length: 4 }, () => ({ method: 'web.passport.sendcode', params: { mobile } }))
    const before = sms.bodies.length
    expect((await track.race(calls)).codes).to.deep.equal({ [sent]: 4 })
    const made = (sms.bodies.slice(before) as { readonly code: string }[]).map(({ code }) => code)
    expect(await track.db('sent_code').where({ address: `sms:+86${mobile}` })).to.have.length(1)
    const outcomes: number[] = []
    for (const code of new Set(made))
      outcomes.push((await track.call('web.passport.checkcode', { mobile, code })).code)
    expect(outcomes.filter((code) => code === right)).to.have.length(1)
  })
})
