import { randomInt } from 'node:crypto'
import { expect } from 'chai'
import type { MethodName } from '../../../gateway/contract/method.js'
import { contractDocuments } from '../../../schemas/contracts.js'
import type { TestApp } from '../../harness.js'
import { onEachDatabase } from '../../servers/databases.js'
import { combineCases, type HostileCase, isCallable, listAllCases, sampleCases } from './cases.js'
import { signatureInvalid } from '../../answers.js'
import { judgeAccount, judgeLogLine, judgePassport } from './judge.js'
import { createRandom, type Random } from './random.js'
import { sendCase } from './send.js'
import { openWorld, type World } from './world.js'

const seed = Number(process.env['HOSTILE_SEED'] ?? randomInt(2 ** 31))
const isLong = process.env['TEST_LONG'] === '1'
const callers = 8
/** On each database; together they take twice as many, as each has a sample of its own. */
const sampleSize = { perDeclaredParameter: 15, perCommonParameter: 2, perValue: 10 }
const shownProblems = 20

onEachDatabase(`hostile values in every parameter, HOSTILE_SEED=${seed}`, function (database) {
  this.timeout(isLong ? 3_600_000 : 600_000)
  let world: World
  let random: Random
  before(async () => {
    random = createRandom(database.kind === 'sqlite' ? seed : seed + 1)
    world = await openWorld(database)
  })
  after(() => world?.close())

  for (const method of methodsOf(/^(web|app|open)\.|^batch$/))
    it(`stand beside valid ones: ${method} succeeds without them`, async () => {
      for (const app of callersOf(method, world)) {
        const answer = await sendCase(
          world,
          { method, dialect: 'passport', carrier: 'form', hostile: {} },
          app,
        )
        expect(answer.json?.code, answer.text).to.equal(200)
        expect(judgePassport(answer, method, world)).to.equal(undefined)
      }
    })

  it('are answered as the contract says, one at a time', async () => {
    const cases = isLong ? listAllCases() : sampleCases(random, sampleSize)
    expect(await findProblems(world, random, cases)).to.deep.equal([])
  })

  it('are answered as the contract says, several at a time', async () => {
    const cases = combineCases(random, isLong ? 20_000 : 300)
    expect(await findProblems(world, random, cases)).to.deep.equal([])
  })
})

function methodsOf(pattern: RegExp): MethodName[] {
  const methods = Object.keys(contractDocuments) as MethodName[]
  return methods.filter((method) => pattern.test(method) && isCallable(method))
}

/** Batches are refused to legacy signatures, whatever their values (docs/security.md). */
function callersOf(method: MethodName, { apps }: World): readonly TestApp[] {
  return method === 'batch' ? apps.filter(({ scheme }) => scheme !== 'legacy') : apps
}

/** What is wrong with the answers and the log lines, a line for each; the first ones tell enough. */
async function findProblems(world: World, random: Random, cases: readonly HostileCase[]): Promise<string[]> {
  const { logLines } = world.gateway
  const linesBefore = logLines.length
  const jobs = cases.map((hostileCase) => ({
    hostileCase,
    app: random.pick(callersOf(hostileCase.method, world)),
  }))
  const problems: string[] = []
  const work = async () => {
    for (let job = jobs.pop(); job; job = jobs.pop()) problems.push(...(await findProblem(world, job)))
  }
  await Promise.all(Array.from({ length: callers }, work))
  problems.push(...logLines.slice(linesBefore).flatMap((line) => judgeLogLine(line) ?? []))
  return problems.slice(0, shownProblems)
}

async function findProblem(
  world: World,
  { hostileCase, app }: { readonly hostileCase: HostileCase; readonly app: TestApp },
): Promise<string[]> {
  const { method, dialect, carrier, hostile } = hostileCase
  const answer = await sendCase(world, hostileCase, app)
  // A signed text of the legacy scheme that reads as another call is refused as a whole (docs/security.md).
  const isRecut = app.scheme === 'legacy' && Object.values(hostile).includes('form in a value')
  if (isRecut && answer.text === signatureInvalid) return []
  const problem = (dialect === 'passport' ? judgePassport : judgeAccount)(answer, method, world)
  const parameters = Object.entries(hostile).map(([name, value]) => `${name} = ${value}`)
  const call = `${method} (${dialect}, ${carrier}, ${app.name}) with ${parameters.join(', ')}`
  return problem === undefined ? [] : [`${call}: ${problem}: ${answer.status} ${answer.text.slice(0, 200)}`]
}
