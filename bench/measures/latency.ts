import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { startMariadb } from '../../test/servers/mariadb.js'
import { startContestant } from '../contestant.js'
import { type Figure, median, quantile, summarise } from '../figure.js'
import { builtModule } from '../folders.js'
import { jobMethod, userCount } from '../job.js'
import { load } from '../load.js'
import { callAtPace } from '../paced-calls.js'
import type { Bench } from '../plan.js'
import { manyUsers } from '../product/calls.js'
import { productionEnvironment, seed } from '../seed.js'
import { startLogins } from './login-rate.js'
import { passportLogin, type SignInSite } from './sign-in-site.js'
import { jobPath, spreadUids, writeTargets } from '../targets.js'

const group = 'latency'
const signInsInFlight = 8
/** Of what the server can do at most. */
const share = 0.6

/**
 * How long cheap calls take at a fixed rate, counted from when each was due: alone, and beside sign-ins, each of which
 * costs a hash. Server, database and load generator share the machine's cores.
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
    const paths = spreadUids(manyUsers).map((uid) => jobPath(jobMethod, { uid: String(uid) }, true))
    const capacity = await measureCapacity(bench, site, paths)
    const perSecond = Math.round(capacity * share)
    const alone: number[][] = []
    const beside: number[][] = []
    for (let turn = 1; turn <= bench.plan.starts; turn++) {
      bench.say(`${perSecond} calls a second, without and with sign-ins: ${turn} of ${bench.plan.starts}`)
      alone.push(await callCheap(bench, site, { paths, perSecond }))
      const signIns = startLogins(passportLogin(site), signInsInFlight)
      await sleep(500)
      beside.push(await callCheap(bench, site, { paths, perSecond }))
      await signIns.stop()
    }
    const calls = `getUserVerifyInfo, ${database}, open loop at 60 %`
    const rate = `${perSecond} of ${capacity.toFixed(0)} calls a second`
    return [
      ...quantilesOf(`${calls}, alone`, alone, rate),
      ...quantilesOf(`${calls}, ${signInsInFlight} sign-ins in flight`, beside, rate),
    ]
  } finally {
    agent.destroy()
    await server.stop()
  }
}

/** Calls a second that the server answers at most. */
async function measureCapacity(
  { plan, folder }: Bench,
  { server }: SignInSite,
  paths: readonly string[],
): Promise<number> {
  const targets = paths.map((path) => ({ path, body: '' }))
  const targetsFile = writeTargets(folder, 'capacity', targets)
  await load({ url: server.url, targetsFile, seconds: plan.warmSeconds })
  const rates: number[] = []
  for (let round = 1; round <= plan.rounds; round++) {
    const { perSecond, errors } = await load({ url: server.url, targetsFile, seconds: plan.seconds })
    if (errors > 0) throw new Error(`${errors} requests failed`)
    rates.push(perSecond)
  }
  return median(rates)
}

interface Cheap {
  readonly paths: readonly string[]
  readonly perSecond: number
}

function callCheap({ plan }: Bench, { server, agent }: SignInSite, { paths, perSecond }: Cheap) {
  const urlOf = (at: number) => `${server.url}${paths[at % paths.length]}`
  return callAtPace(urlOf, agent, { perSecond, seconds: plan.seconds * 2 })
}

/** Each turn has its quantiles; the figure is the median of the turns. */
function quantilesOf(title: string, turns: readonly (readonly number[])[], detail: string): Figure[] {
  const figure = (name: string, share: number, goal?: Figure['goal']): Figure => ({
    group,
    title: `${name}: ${title}`,
    unit: 'ms',
    ...summarise(turns.map((turn) => quantile(turn, share))),
    ...(goal && { goal }),
    detail,
  })
  return [figure('p50', 0.5), figure('p99', 0.99, { atMost: 15 }), figure('p99.9', 0.999)]
}
