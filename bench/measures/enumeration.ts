import { Agent } from 'node:http'
import { ask } from '../answers.js'
import { type RunningContestant, startContestant } from '../contestant.js'
import { type Figure, median } from '../figure.js'
import { builtModule } from '../folders.js'
import { firstUid, makeUser } from '../job.js'
import type { Bench } from '../plan.js'
import { productionEnvironment, seed } from '../seed.js'
import { jobPath } from '../targets.js'

const group = 'enumeration'
const users = 1000

/** A flow that must not tell who exists: the same call for somebody known and for somebody unknown. */
interface Flow {
  readonly name: string
  pathOf(who: 'known' | 'unknown', turn: number): string
}

const emailOf = (who: 'known' | 'unknown', turn: number) =>
  who === 'known' ? makeUser(firstUid + (turn % users)).email : `nobody${turn}@example.com`

const signed = (method: string): Flow => ({
  name: method,
  pathOf: (who, turn) => jobPath(method, { email: emailOf(who, turn) }, true),
})

const flows: readonly Flow[] = [
  signed('web.passport.sendVerifyEmailInfo'),
  signed('app.register.backpwdByEmail'),
  {
    name: 'front/account/login/login, wrong password',
    pathOf: (who, turn) =>
      `/front/account/login/login?password=wrong&user_account=${who === 'known' ? '' : 'x'}user${firstUid + (turn % users)}`,
  },
]

/**
 * How long the calls take for known and for unknown users, in turns, so that both meet the same machine: the median of
 * one divided by that of the other. What they do is compared exactly by the tests; this shows what a stopwatch sees.
 */
export async function measureEnumeration(bench: Bench): Promise<Figure[]> {
  const env = productionEnvironment(bench.folder, `sqlite:${bench.folder}/enumeration.db`)
  // Far beyond what the measure asks for: refused calls would say nothing.
  await seed({ ...env }, users)
  const server = await startContestant({
    name: 'ours (product)',
    module: builtModule('gateway/main'),
    env: { ...env, CODE_PER_DAY: '1000000' },
  })
  const agent = new Agent({ keepAlive: true })
  try {
    const figures: Figure[] = []
    for (const flow of flows) {
      bench.say(`${flow.name}: known and unknown in turns`)
      figures.push(await measureFlow(bench, flow, { server, agent }))
    }
    return figures
  } finally {
    agent.destroy()
    await server.stop()
  }
}

async function measureFlow(
  { plan }: Bench,
  flow: Flow,
  { server, agent }: { server: RunningContestant; agent: Agent },
): Promise<Figure> {
  const turns = plan.starts * plan.rounds * 40
  const times = { known: [] as number[], unknown: [] as number[] }
  for (let turn = 0; turn < turns; turn++) {
    // Who goes first changes, as the second one finds the server warmer.
    const order = turn % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)
    for (const who of order) {
      const started = performance.now()
      const { status, body } = await ask(`${server.url}${flow.pathOf(who, turn)}`, agent)
      times[who].push(performance.now() - started)
      if (status >= 500) throw new Error(`${flow.name} was answered ${status} ${body}`)
    }
  }
  const [known, unknown] = [median(times.known), median(times.unknown)]
  return {
    group,
    title: `${flow.name}: known × unknown`,
    unit: '×',
    value: known / unknown,
    detail: `${known.toFixed(2)} / ${unknown.toFixed(2)} ms, ${turns} turns`,
  }
}
