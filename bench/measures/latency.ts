import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { startMariadb } from '../../test/servers/mariadb.js'
import { startContestant } from '../contestant.js'
import { type Figure, median, summarise } from '../figure.js'
import { builtModule } from '../folders.js'
import { jobMethod, userCount } from '../job.js'
import { type Load, load, type LoadPlan } from '../load.js'
import type { Bench } from '../plan.js'
import { manyUsers } from '../product/calls.js'
import { productionEnvironment, seed } from '../seed.js'
import { startLogins } from './login-rate.js'
import { passportLogin } from './sign-in-site.js'
import { jobPath, spreadUids, writeTargets } from '../targets.js'

const group = 'latency'
const signInsInFlight = 8
/** Of what the server can do at most. */
const share = 0.6

/**
 * How long cheap calls take at a fixed rate, by callers who do not wait for each other: alone, and beside sign-ins, each of
 * which costs a hash. Server, database and load generator share the machine's cores.
 */
export async function measureLatency(bench: Bench): Promise<Figure[]> {
  const mariadb = await startMariadb()
  try {
    const mysql = await mariadb.createDatabase()
    return [
      ...(await measureOn(bench, 'SQLite', productionEnvironment(bench.folder))),
      ...(await measureOn(bench, 'MariaDB', productionEnvironment(bench.folder, mysql))),
    ]
  } finally {
    await mariadb.stop()
  }
}

async function measureOn(bench: Bench, database: string, env: Record<string, string>): Promise<Figure[]> {
  bench.say(`making a ${database} database of 100,000 users`)
  await seed(env)
  const agent = new Agent({ keepAlive: true })
  const server = await startContestant({ name: 'ours (product)', module: builtModule('gateway/main'), env })
  const site = { server, agent, users: userCount }
  try {
    const targets = spreadUids(manyUsers).map((uid) => ({
      path: jobPath(jobMethod, { uid: String(uid) }, true),
      body: '',
    }))
    const cheap = { url: server.url, targetsFile: writeTargets(bench.folder, 'cheap', targets) }
    const capacity = await measureCapacity(bench, cheap)
    const pace = Math.round(capacity * share)
    const callCheap = () => loadWithoutErrors({ ...cheap, seconds: bench.plan.seconds * 2, pace })
    const alone: Load[] = []
    const beside: Load[] = []
    for (let turn = 1; turn <= bench.plan.starts; turn++) {
      bench.say(`${pace} calls a second, without and with sign-ins: ${turn} of ${bench.plan.starts}`)
      alone.push(await callCheap())
      const signIns = startLogins(passportLogin(site), signInsInFlight)
      await sleep(500)
      beside.push(await callCheap())
      await signIns.stop()
    }
    const calls = `getUserVerifyInfo, ${database}, open loop at 60 %`
    const rate = `${pace} of ${capacity.toFixed(0)} calls a second`
    return [
      ...quantilesOf(`${calls}, alone`, alone, rate),
      ...quantilesOf(`${calls}, ${signInsInFlight} sign-ins in flight`, beside, rate),
    ]
  } finally {
    agent.destroy()
    await server.stop()
  }
}

type Cheap = Pick<LoadPlan, 'url' | 'targetsFile'>

/** Calls a second that the server answers at most. */
async function measureCapacity({ plan }: Bench, cheap: Cheap): Promise<number> {
  await load({ ...cheap, seconds: plan.warmSeconds })
  const rates: number[] = []
  for (let round = 1; round <= plan.rounds; round++)
    rates.push((await loadWithoutErrors({ ...cheap, seconds: plan.seconds })).perSecond)
  return median(rates)
}

async function loadWithoutErrors(plan: LoadPlan): Promise<Load> {
  const seen = await load(plan)
  if (seen.errors > 0) throw new Error(`${seen.errors} requests failed`)
  return seen
}

/** Each turn has its quantiles; the figure is the median of the turns. */
function quantilesOf(title: string, turns: readonly Load[], rate: string): Figure[] {
  const made = turns.map(({ perSecond }) => perSecond.toFixed(0)).join(', ')
  const figure = (name: string, of: (turn: Load) => number, goal?: Figure['goal']): Figure => ({
    group,
    title: `${name}: ${title}`,
    unit: 'ms',
    ...summarise(turns.map(of)),
    ...(goal && { goal }),
    detail: `${rate}; made: ${made}`,
  })
  return [
    figure('p50', ({ p50Milliseconds }) => p50Milliseconds),
    figure('p99', ({ p99Milliseconds }) => p99Milliseconds, { atMost: 15 }),
    figure('p99.9', ({ p999Milliseconds }) => p999Milliseconds),
  ]
}
