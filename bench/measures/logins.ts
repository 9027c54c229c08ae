import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { startContestant } from '../contestant.js'
import { type Figure, quantile, summarise } from '../figure.js'
import { builtModule } from '../folders.js'
import { callAtPace, callInLanes } from '../paced-calls.js'
import { measureLoginRate, startLogins } from './login-rate.js'
import { passportLogin, signIn, type SignInSite, userOf } from './sign-in-site.js'
import type { Bench } from '../plan.js'
import { productionEnvironment, seed } from '../seed.js'
import { jobPath } from '../targets.js'

const group = 'logins'
const users = 1000
const loginsInFlight = 8
const cheapPerSecond = 300
/** Beyond the hashes that run, this many may wait; more than both are called to see the refusals. */
const hashQueue = 16
const crowd = 40

const rate = {
  group,
  title: 'logins a second × hashes a second of @node-rs/argon2 alone',
  goal: { atLeast: 0.9 },
}

/** Password checks: how many beside the bare hash, what they do to other calls, and what happens beyond the queue. */
export async function measureLogins(bench: Bench): Promise<Figure[]> {
  const env = {
    ...productionEnvironment(bench.folder, `sqlite:${bench.folder}/logins.db`),
    HASH_QUEUE: String(hashQueue),
  }
  await seed(env, users)
  const server = await startContestant({ name: 'ours (product)', module: builtModule('gateway/main'), env })
  const agent = new Agent({ keepAlive: true })
  const site = { server, agent, users }
  try {
    return [
      await measureLoginRate(bench, rate, passportLogin(site)),
      ...(await measureCheapCalls(bench, site)),
      await measureRefusals(bench, site),
    ]
  } finally {
    agent.destroy()
    await server.stop()
  }
}

async function measureCheapCalls(bench: Bench, site: SignInSite): Promise<Figure[]> {
  const seconds = bench.plan.seconds * 2
  const urlOf = (at: number) =>
    `${site.server.url}${jobPath('open.passport.get', { uid: userOf(at, users) }, true)}`
  const alone: number[] = []
  const beside: number[] = []
  for (let start = 1; start <= bench.plan.starts; start++) {
    bench.say(
      `${cheapPerSecond} cheap calls a second, without and with logins: ${start} of ${bench.plan.starts}`,
    )
    alone.push(quantile(await callAtPace(urlOf, site.agent, { perSecond: cheapPerSecond, seconds }), 0.99))
    const logins = startLogins(passportLogin(site))
    await sleep(500)
    beside.push(quantile(await callAtPace(urlOf, site.agent, { perSecond: cheapPerSecond, seconds }), 0.99))
    await logins.stop()
  }
  const calls = `p99 of ${cheapPerSecond} cheap calls a second`
  return [
    { group, title: `${calls}, no logins`, unit: 'ms', ...summarise(alone) },
    {
      group,
      title: `${calls}, ${loginsInFlight} logins in flight`,
      unit: 'ms',
      ...summarise(beside),
      goal: { atMost: 20 },
    },
  ]
}

/** More logins at once than run and wait together: those beyond are told so, soon. */
async function measureRefusals(bench: Bench, site: SignInSite): Promise<Figure> {
  bench.say('more logins at once than may wait')
  const refusals: number[] = []
  const until = performance.now() + bench.plan.seconds * 1000
  let next = 0
  await callInLanes(
    crowd,
    async () => {
      const started = performance.now()
      const { status, headers, body } = await signIn(site, next++)
      if (status === 200) return
      refusals.push(performance.now() - started)
      if (status !== 503 || headers['retry-after'] === undefined)
        throw new Error(`refused with ${status} ${body}`)
      await sleep(100)
    },
    () => performance.now() > until,
  )
  if (refusals.length === 0) throw new Error('nothing was refused')
  return {
    group,
    title: 'p99 of a 503 beyond the queue of hashes',
    unit: 'ms',
    value: quantile(refusals, 0.99),
    spread: [Math.min(...refusals), Math.max(...refusals)],
    goal: { atMost: 50 },
    detail: `${refusals.length} refusals of ${next} calls, HASH_QUEUE=${hashQueue}`,
  }
}
