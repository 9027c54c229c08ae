import { startMariadb } from '../../test/servers/mariadb.js'
import { learnAnswers } from '../answers.js'
import { type Contestant, type RunningContestant, startContestant } from '../contestant.js'
import { type Figure, median, summarise } from '../figure.js'
import { builtModule } from '../folders.js'
import { load } from '../load.js'
import type { Bench } from '../plan.js'
import { productionEnvironment, seed } from '../seed.js'
import { jobPath, spreadUids, writeTargets } from '../targets.js'

const users = 100

/** One worker and two on all cores, the load generator beside them: how much the second one brings. */
export async function measureWorkers(bench: Bench): Promise<Figure[]> {
  const mariadb = await startMariadb()
  try {
    const env = productionEnvironment(bench.folder, await mariadb.createDatabase())
    await seed(env, users)
    const server = (workers: number) => ({
      name: `ours (${workers} workers)`,
      module: builtModule('gateway/main'),
      env: { ...env, WORKERS: String(workers) },
    })
    const uids = spreadUids(4096).map((uid) => uid % users)
    const paths = uids.map((uid) => jobPath('open.passport.get', { uid: String(1_000_001 + uid) }, true))
    const targets = await learnAnswers(
      server(1),
      paths.map((path) => ({ path })),
    )
    const targetsFile = writeTargets(bench.folder, 'workers', targets)
    const turns = await measureTurns(bench, [server(1), server(2)], targetsFile)
    return [figureOf(turns)]
  } finally {
    await mariadb.stop()
  }
}

type Turn = readonly [one: number, two: number]

async function measureTurns(
  bench: Bench,
  contestants: readonly Contestant[],
  targetsFile: string,
): Promise<Turn[]> {
  const { plan } = bench
  const servers: RunningContestant[] = []
  try {
    for (const contestant of contestants) servers.push(await startContestant(contestant))
    const run = async (at: number, seconds: number) => {
      const { errors, perSecond } = await load({ url: servers[at]?.url ?? '', targetsFile, seconds })
      if (errors > 0) throw new Error(`${servers[at]?.name}: ${errors} requests failed`)
      return perSecond
    }
    for (const at of [0, 1]) await run(at, plan.warmSeconds)
    const turns: Turn[] = []
    for (let turn = 1; turn <= plan.starts * plan.rounds; turn++) {
      bench.say(`one worker and two in turns: ${turn} of ${plan.starts * plan.rounds}`)
      turns.push([await run(0, plan.seconds), await run(1, plan.seconds)])
    }
    return turns
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
}

function figureOf(turns: readonly Turn[]): Figure {
  const one = median(turns.map(([one]) => one))
  const two = median(turns.map(([, two]) => two))
  return {
    group: 'workers',
    title: 'WORKERS=2 × one worker, requests a second, MariaDB, wrk on the same two cores',
    unit: '×',
    ...summarise(turns.map(([one, two]) => two / one)),
    goal: { atLeast: 1.6 },
    detail: `${two.toFixed(0)} / ${one.toFixed(0)} requests a second`,
  }
}
