import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  connectBeside,
  type GatewayProcess,
  startGatewayProcess,
} from '../../../servers/processes/gateway-process.js'
import { findingLines } from '../../../../gateway/move/report/report-lines.js'
import type { ShadowOptions, ShadowReport } from '../../../../gateway/move/shadow/shadow.js'
import { requireProgram } from '../../../servers/available.js'
import { type OldGateway, type Plantable, startOldGateway } from '../../../servers/old-gateway/old-gateway.js'
import { makeTraffic } from '../../../servers/old-gateway/traffic.js'
import { onEachEmptyDatabase } from '../../../servers/databases.js'
import { addOldUsers } from '../adopted-users.js'
import { startMoodyRelay, type Mood } from './moody-relay.js'
import { kindsOf, plantedNames } from '../planted-names.js'
import { startShadowing } from './shadowing.js'

const isLong = process.env['TEST_LONG'] === '1'
const calls = isLong ? 10_000 : 300

/** What the report says of calls that were not compared, but for those that no shadow can compare. */
function reasonsIn({ methods }: ShadowReport): string[] {
  return [...new Set(methods.flatMap(({ reasons }) => reasons.map(({ reason }) => reason)))]
}

describe(`A shadow of ${calls} calls of an old gateway in PHP, beside a copy of it`, function () {
  this.timeout(900_000)
  let old: OldGateway
  let copy: OldGateway
  let learned: unknown
  before(async function () {
    const php = requireProgram(this, 'php')
    old = await startOldGateway(php)
    copy = await startOldGateway(php)
  })
  after(async () => {
    await old?.stop()
    await copy?.stop()
  })

  async function shadowTraffic(options: Partial<ShadowOptions> = {}) {
    old.restore()
    copy.restore()
    const shadow = await startShadowing(old, copy.url, { sendsNothing: true, ...options })
    // Both copies of the old server share a few cores with the traffic: nothing shall be left out for that.
    const pause = async (made: number) => {
      if (made % 250 === 0) await waitUntil(async () => (await shadow.report()).waiting < 500)
    }
    await makeTraffic({ url: shadow.url, old, calls, pause })
    const report = await shadow.close()
    return { report, noise: shadow.noise(), warnings: shadow.warnings }
  }

  it('learns what the server differs in from itself', async () => {
    const { noise, report, warnings } = await shadowTraffic({ learns: true })
    learned = JSON.parse(JSON.stringify(noise))
    expect(learned)
      .to.have.property('places')
      .that.deep.equals(['open.passport.get $.data.data.random value'])
    expect(report.seen).to.equal(calls)
    expect(warnings).to.deep.equal([])
  })

  it('raises no false alarm after that', async () => {
    const { report } = await shadowTraffic({ noise: learned })
    expect(findingLines(report).filter((line) => !line.includes('not compared'))).to.deep.equal([])
    expect(report).to.include({ differing: 0, failed: 0, score: 100, missed: 0, waiting: 0, obstacle: null })
    expect(report.compared + report.leftOut).to.equal(calls)
    // The copy texts codes of its own, and has no outbox to read them in.
    expect(reasonsIn(report)).to.deep.equal(['unknown code'])
  })

  it('finds all planted differences among equal calls, names each, and nothing else', async () => {
    old.restore()
    copy.restore()
    const shadow = await startShadowing(old, copy.url, { sendsNothing: true, noise: learned })
    const reportAfter = async (made: number, planted: readonly Plantable[] = []) => {
      copy.plant(planted)
      await makeTraffic({ url: shadow.url, old, calls: made })
      await waitUntil(async () => (await shadow.report()).waiting === 0)
      copy.plant([])
      return shadow.report()
    }
    const before = await reportAfter(calls / 4)
    const during = await reportAfter(calls / 2, Object.keys(plantedNames) as Plantable[])
    const after = await reportAfter(calls / 4)
    await shadow.close()
    expect(before).to.include({ differing: 0, failed: 0, score: 100 })
    const wanted = Object.values(plantedNames)
    expect(kindsOf(during)).to.have.members(wanted.map(([kind]) => kind))
    const found = wanted.filter(([kind, methods]) =>
      during.methods.some(
        ({ method, kinds }) => method.includes(methods) && kinds.some((one) => one.kind === kind),
      ),
    )
    expect(found).to.deep.equal(wanted)
    expect(during.equal - before.equal).to.be.below((during.compared - before.compared) / 2)
    // Where the copy is as the old server is again, nothing more differs.
    expect(after).to.include({ differing: during.differing, failed: 0, missed: 0, seen: calls })
    expect(kindsOf(after)).to.have.members(kindsOf(during))
    if (isLong)
      console.log(
        `      ${after.seen} calls: ${after.equal} equal, ${after.differing} differ, ${after.leftOut} not compared; ${found.length}/${wanted.length} planted differences found`,
      )
  })
})

onEachEmptyDatabase('A shadow of an old gateway in PHP, beside this one', (database) => {
  const total = isLong ? 10_000 : 300
  let old: OldGateway
  let gateway: GatewayProcess
  const env = { OUTSIDE: 'captured', LIMIT_IP_SCALE: '10000', LOG_LEVEL: 'error', SMS_PROVIDER: 'outbox' }
  before(async function () {
    this.timeout(300_000)
    old = await startOldGateway(requireProgram(this, 'php'))
    const beside = await connectBeside(database)
    for (const [name, secret] of Object.entries(old.apps)) await beside.addApp({ name, secret })
    await addOldUsers(beside, old)
    await beside.close()
    gateway = await startGatewayProcess(database, env)
  })
  after(async () => {
    await gateway?.kill()
    await old?.stop()
  })

  async function shadowTraffic(candidate: string, options: Partial<ShadowOptions> = {}) {
    old.restore()
    const shadow = await startShadowing(old, candidate, options)
    await makeTraffic({ url: shadow.url, old, calls: total, kinds: 'passport' })
    return shadow.close()
  }

  it('finds nothing but random values, and takes the codes that this one has texted', async function () {
    this.timeout(900_000)
    const noise = { places: ['open.passport.get $.data.data.random value'] }
    const report = await shadowTraffic(gateway.url, { noise })
    expect(findingLines(report)).to.deep.equal([])
    expect(report).to.include({ differing: 0, failed: 0, leftOut: 0, score: 100, compared: total })
  })

  it('has writes only checked, and changes nothing', async () => {
    const report = await shadowTraffic(gateway.url, { writes: 'check', methods: ['*.modifyUserContacts'] })
    expect(reasonsIn(report)).to.deep.equal(['only checked, and nothing was wrong with it'])
    expect(report).to.include({ compared: 0, failed: 0 })
    const skipped = await shadowTraffic(gateway.url, { writes: 'skip', methods: ['*.modifyUserContacts'] })
    expect(reasonsIn(skipped)).to.deep.equal(['a write'])
  })

  it('asks no server that does not say that it is captured', async () => {
    const open = await startGatewayProcess({ url: 'sqlite::memory:' }, { ...env, OUTSIDE: 'open' })
    const report = await shadowTraffic(open.url)
    const answer = await fetch(`${open.url}/gateway?method=open.passport.get`, {
      headers: { 'X-Shadow': 'send' },
    })
    await open.stop()
    expect(reasonsIn(report)).to.deep.equal([
      'the candidate: it does not say that it is captured (OUTSIDE=captured)',
    ])
    expect(report.compared).to.equal(0)
    expect(answer.status).to.equal(412)
  })
})

onEachEmptyDatabase('A candidate that is killed, hangs and answers garbage', (database) => {
  const total = isLong ? 10_000 : 400
  let old: OldGateway
  before(async function () {
    this.timeout(300_000)
    old = await startOldGateway(requireProgram(this, 'php'))
    const beside = await connectBeside(database)
    for (const [name, secret] of Object.entries(old.apps)) await beside.addApp({ name, secret })
    await addOldUsers(beside, old)
    await beside.close()
  })
  after(() => old?.stop())

  it('fails no client, raises no false alarm, and is asked again when it is well', async function () {
    this.timeout(900_000)
    const env = { OUTSIDE: 'captured', LIMIT_IP_SCALE: '10000', LOG_LEVEL: 'error' }
    let gateway = await startGatewayProcess(database, env)
    const port = new URL(gateway.url).port
    const relay = await startMoodyRelay(gateway.url)
    const noise = { places: ['open.passport.get $.data.data.random value'] }
    const shadow = await startShadowing(old, relay.url, { noise, patience: 500 })
    const moods: readonly Mood[] = ['noise', 'page', 'endless', 'drip', 'blanks', 'silent', 'hang up']
    const phases: (() => Promise<void>)[] = [
      async () => void (await gateway.kill()),
      async () => void (gateway = await startGatewayProcess(database, { ...env, PORT: port })),
      async () => void process.kill(gateway.pid, 'SIGSTOP'),
      async () => {
        await sleep(isLong ? 5000 : 1500)
        process.kill(gateway.pid, 'SIGCONT')
      },
      ...moods.map((mood) => async () => void (relay.mood = mood)),
      async () => void (relay.mood = 'pass'),
    ]
    const share = Math.ceil(total / (phases.length + 1))
    let failed = 0
    const noteFailures = (error: unknown) => {
      failed++
      throw error
    }
    await makeTraffic({ url: shadow.url, old, calls: share, kinds: 'passport' }).catch(noteFailures)
    for (const phase of phases) {
      const traffic = makeTraffic({ url: shadow.url, old, calls: share, kinds: 'passport' }).catch(
        noteFailures,
      )
      await phase()
      await traffic
    }
    await waitUntil(async () => (await shadow.report()).obstacle === null)
    const before = await shadow.report()
    await makeTraffic({ url: shadow.url, old, calls: 40, kinds: 'passport' })
    const report = await shadow.close()
    await gateway.kill()
    await relay.close()
    expect(failed).to.equal(0)
    expect(report.seen).to.equal(share * (phases.length + 1) + 40)
    expect(report.compared).to.be.above(before.compared)
    expect(report.failed).to.be.above(0)
    // Garbage is told; what the candidate answers by itself has no differences.
    const kinds = new Set(kindsOf(report))
    for (const kind of ['not-json', 'header', 'status', 'text', 'code'] as const) kinds.delete(kind)
    expect([...kinds]).to.deep.equal([])
    if (isLong) console.log(`      ${JSON.stringify({ ...report, methods: undefined })}`)
  })
})

async function waitUntil(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100 && !(await isSo()); tries++) await sleep(100)
}
