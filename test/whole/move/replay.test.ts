import { expect } from 'chai'
import { createNoise, type Noise } from '../../../gateway/move/compare/noise.js'
import { replay } from '../../../gateway/move/replay/replay.js'
import { findingLines } from '../../../gateway/move/report/report-lines.js'
import { type ComparisonReport, createTally } from '../../../gateway/move/report/tally.js'
import { listRecord } from '../../../gateway/move/record/files.js'
import { requireProgram } from '../../servers/available.js'
import { type OldGateway, type Plantable, startOldGateway } from '../../servers/old-gateway/old-gateway.js'
import { useFolder, withGateway } from '../../suite.js'
import { addOldUsers } from './adopted-users.js'
import { kindsOf, plantedNames } from './planted-names.js'
import { recordKey, recordTraffic } from './recording.js'

const isLong = process.env['TEST_LONG'] === '1'
const calls = isLong ? 10_000 : 500

interface ReplayWish {
  readonly folder: string
  readonly old: OldGateway
  readonly against?: string
  readonly noise: Noise
  readonly learns?: boolean
  /** A part of the names of methods; all if absent. */
  readonly methods?: string
}

async function replayRecord({
  folder,
  old,
  noise,
  learns = false,
  ...wish
}: ReplayWish): Promise<ComparisonReport> {
  const tally = createTally()
  await replay({
    files: listRecord(folder),
    key: recordKey,
    against: new URL(wish.against ?? old.url),
    values: valuesOf(old),
    secrets: new Map(Object.entries(old.apps)),
    wants: (method) => method.includes(wish.methods ?? ''),
    concurrency: 4,
    pace: undefined,
    noise,
    learns,
    tally,
  })
  return tally.report()
}

/** What the copy of the database would tell, and the passwords of the test's users. */
function valuesOf(old: OldGateway): string[] {
  return old.users.flatMap(({ uid, account, password, mobile, email }) => {
    return [String(uid), account, password, mobile, email]
  })
}

describe(`A replay of ${calls} calls of an old gateway in PHP`, function () {
  this.timeout(600_000)
  const folder = useFolder('replay')
  let old: OldGateway
  let learned: object = {}
  before(async function () {
    old = await startOldGateway(requireProgram(this, 'php'))
    await recordTraffic(folder.path, old, { calls })
    old.restore()
    const noise = createNoise()
    await replayRecord({ folder: folder.path, old, noise, learns: true })
    learned = JSON.parse(JSON.stringify(noise))
  })
  after(() => old?.stop())

  it('has learned what the server differs in from itself: times and random values', () => {
    expect(learned)
      .to.have.property('places')
      .that.deep.equals([
        'front.account.userDeliveryAddress.add $.data.ud_time value',
        'front.account.userDeliveryAddress.get $.data.ud_time value',
        'open.passport.get $.data.data.random value',
      ])
  })

  it('raises no false alarm', async () => {
    old.restore()
    const report = await replayRecord({ folder: folder.path, old, noise: createNoise(learned) })
    expect(findingLines(report).filter((line) => !line.includes('not compared'))).to.deep.equal([])
    expect(report).to.include({ differing: 0, failed: 0, score: 100 })
    expect(report.compared + report.leftOut).to.equal(calls)
    // Codes alone can't be known: the old server texted others.
    expect(report.methods.flatMap(({ reasons }) => reasons.map(({ reason }) => reason))).to.deep.equal([
      'unknown code',
    ])
    expect(report.leftOut).to.be.below(calls / 50)
  })

  for (const [planted, [kind, methods]] of Object.entries(plantedNames)) {
    it(`finds the planted difference "${planted}", and names it ${kind}`, async () => {
      old.restore()
      old.plant([planted as Plantable])
      const report = await replayRecord({
        folder: folder.path,
        old,
        noise: createNoise(learned),
        methods,
      })
      old.plant([])
      expect(report.differing).to.be.above(0)
      expect(kindsOf(report)).to.deep.equal([kind])
    })
  }

  it('finds all of them at once', async () => {
    old.restore()
    old.plant(Object.keys(plantedNames) as Plantable[])
    const report = await replayRecord({ folder: folder.path, old, noise: createNoise(learned) })
    old.plant([])
    expect(kindsOf(report)).to.have.members(Object.values(plantedNames).map(([kind]) => kind))
    expect(report.score).to.be.below(50)
  })
})

withGateway('A replay of an old gateway against this one', { LIMIT_IP_SCALE: '10000' }, (gateway) => {
  const folder = useFolder('replay-ours')
  let old: OldGateway
  before(async function () {
    this.timeout(300_000)
    old = await startOldGateway(requireProgram(this, 'php'))
    for (const [name, secret] of Object.entries(old.apps)) await gateway.addApp({ name, secret })
    await addOldUsers(gateway, old)
    await recordTraffic(folder.path, old, { calls: isLong ? 10_000 : 200, kinds: 'passport' })
  })
  after(() => old?.stop())

  it('finds nothing but times and random values', async function () {
    this.timeout(300_000)
    const noise = createNoise()
    old.restore()
    await replayRecord({ folder: folder.path, old, noise, learns: true })
    const report = await replayRecord({ folder: folder.path, old, against: gateway.url, noise })
    expect(findingLines(report).filter((line) => !line.includes('unknown code'))).to.deep.equal([])
    expect(report).to.include({ differing: 0, failed: 0, score: 100 })
  })
})
