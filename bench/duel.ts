import { checkAnswers, type Target } from './answers.js'
import {
  type Contestant,
  readCpuSeconds,
  readRss,
  type RunningContestant,
  startContestant,
} from './contestant.js'
import { median } from './figure.js'
import { load } from './load.js'
import type { Bench } from './plan.js'
import { fillTargets, writeTargets } from './targets.js'

/** What two servers did under load at the same moment on the same core. */
export interface DuelResult {
  /** Requests per CPU-second of the first divided by the second's: the median of each fresh start. */
  readonly ratios: readonly number[]
  /** Resident memory of the first divided by the second's after the load, of each start. */
  readonly rssRatios: readonly number[]
  readonly detail: string
}

/** A server and what it is asked. */
export type Side = Contestant & Asked

export interface Asked {
  readonly targets: readonly Target[]
  /** Takes out of an answer what changes from call to call. */
  readonly clean?: (body: string) => string
  /** For calls that can be made but once: so many others than before, in place of `targets`. */
  readonly fresh?: (count: number) => readonly Target[] | Promise<readonly Target[]>
  /** What each answer under load holds; it is looked for where it is given, as that costs the load generator. */
  readonly holds?: string
}

interface Fighter {
  readonly side: Side
  readonly server: RunningContestant
  readonly targetsFile: string
}
type Pair = readonly [Fighter, Fighter]

const serverCore = 0
const loadCore = 1

interface Round {
  readonly perCpuSecond: readonly [number, number]
  readonly p99: readonly [number, number]
  readonly requests: readonly [number, number]
}

/** Measures our side against a peer's. Throws when an answer is wrong or a request fails. */
export async function duel(bench: Bench, ours: Side, peer: Side): Promise<DuelResult> {
  const rounds: Round[] = []
  const ratios: number[] = []
  const rss: [number, number][] = []
  for (let start = 1; start <= bench.plan.starts; start++) {
    bench.say(`${ours.name} and ${peer.name}: fresh start ${start} of ${bench.plan.starts}`)
    const pair = await startPair(bench, ours, peer)
    try {
      const measured = await fight(bench, pair)
      rounds.push(...measured)
      ratios.push(median(measured.map(({ perCpuSecond: [ours, peer] }) => ours / peer)))
      rss.push([readRss(pair[0].server.pids), readRss(pair[1].server.pids)])
    } finally {
      await Promise.all(pair.map(({ server }) => server.stop()))
    }
  }
  const rssRatios = rss.map(([ours, peer]) => ours / peer)
  return { ratios, rssRatios, detail: describe(rounds, rss) }
}

function describe(rounds: readonly Round[], rss: readonly (readonly [number, number])[]): string {
  const both = (pairs: readonly (readonly [number, number])[], digits: number) =>
    [0, 1].map((at) => median(pairs.map((pair) => pair[at] ?? NaN)).toFixed(digits)).join(' / ')
  const perCpuSecond = both(
    rounds.map(({ perCpuSecond }) => perCpuSecond),
    0,
  )
  const p99 = both(
    rounds.map(({ p99 }) => p99),
    1,
  )
  return `requests per CPU-second ${perCpuSecond}; p99 ${p99} ms; memory ${both(rss, 0)} MiB`
}

async function startPair(bench: Bench, ours: Side, peer: Side): Promise<Pair> {
  const start = async (side: Side, role: string): Promise<Fighter> => ({
    side,
    server: await startContestant({ ...side, core: serverCore }),
    targetsFile: writeTargets(bench.folder, role, side.targets),
  })
  const first = await start(ours, 'ours')
  try {
    return [first, await start(peer, 'peer')]
  } catch (error) {
    await first.server.stop()
    throw error
  }
}

/** Of calls that can be made but once. */
const checkedFresh = 64
const mostFreshPerSecond = 3000

/** Of each side, until V8 has compiled what a call runs through; slow calls need more rounds for it. */
const warmRequests = 5000
const mostWarmRounds = 5

async function fight({ plan }: Bench, pair: Pair): Promise<Round[]> {
  const check = async () => {
    for (const { side, server } of pair)
      await checkAnswers(
        side.name,
        server.url,
        (await side.fresh?.(checkedFresh)) ?? side.targets,
        side.clean,
      )
  }
  await check()
  for (let round = 1; round <= mostWarmRounds; round++) {
    const { requests } = await measureRound(pair, plan.warmSeconds)
    if (Math.min(...requests) >= warmRequests) break
  }
  const rounds: Round[] = []
  while (rounds.length < plan.rounds) rounds.push(await measureRound(pair, plan.seconds))
  await check()
  return rounds
}

async function measureRound(pair: Pair, seconds: number): Promise<Round> {
  const [ours, peer] = await Promise.all([measureSide(pair[0], seconds), measureSide(pair[1], seconds)])
  return {
    perCpuSecond: [ours.perCpuSecond, peer.perCpuSecond],
    p99: [ours.p99, peer.p99],
    requests: [ours.requests, peer.requests],
  }
}

async function measureSide({ side, server, targetsFile }: Fighter, seconds: number) {
  const { pids, url } = server
  const fresh = await side.fresh?.(seconds * mostFreshPerSecond)
  if (fresh) fillTargets(targetsFile, fresh)
  // Nothing else calls the server, so its CPU from before to after the load belongs to the load's requests.
  const before = readCpuSeconds(pids)
  const { holds } = side
  const plan = { url, targetsFile, seconds, core: loadCore, ...(holds !== undefined && { holds }) }
  const { requests, errors, p99Milliseconds } = await load(plan)
  const perCpuSecond = requests / (readCpuSeconds(pids) - before)
  if (fresh && requests > fresh.length) throw new Error(`${side.name}: more calls than were made ready`)
  if (errors > 0) throw new Error(`${side.name}: ${errors} of ${requests} requests failed`)
  return { perCpuSecond, p99: p99Milliseconds, requests }
}
