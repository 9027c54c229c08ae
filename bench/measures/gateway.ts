import type { Contestant } from '../contestant.js'
import { duel, type DuelResult } from '../duel.js'
import { type Figure, type Goal, summarise } from '../figure.js'
import { builtModule, peerModule } from '../folders.js'
import type { Bench } from '../plan.js'
import { productionEnvironment, seed } from '../seed.js'
import { makeJobTargets } from '../targets.js'

const group = 'gateway'

/** The gateway's own cost of a request beside that of its peers, by a method made up for it: an aid to profile it. */
export async function measureGateway(bench: Bench): Promise<Figure[]> {
  const env = productionEnvironment(bench.folder)
  bench.say('making a SQLite database of 100,000 users')
  await seed(env)
  return [...(await measureCore(bench, env)), ...(await measureFull(bench, env))]
}

type Environment = Record<string, string>

const ours = (mode: 'core' | 'full', env: Environment): Contestant => ({
  name: `ours (${mode})`,
  module: builtModule('bench/ours'),
  args: [mode],
  env,
})
const peer = (name: string, ...args: string[]): Contestant => ({ name, module: peerModule(name), args })

/** Our way of a request against theirs, the same job on both sides. */
async function measureCore(bench: Bench, env: Environment): Promise<Figure[]> {
  const targets = makeJobTargets({ signed: false })
  const core = { ...ours('core', env), targets }
  const against = (name: string) => duel(bench, core, { ...peer(name), targets })
  const bare = await against('bare')
  return [
    ratio('core × bare node:http', bare, { atLeast: 0.88 }),
    ratio('core × fastify 5', await against('fastify'), { atLeast: 1.05 }),
    ratio('core × express 5', await against('express'), { atLeast: 4.5 }),
    ratio('core × moleculer-web', await against('moleculer-web'), { atLeast: 1.8 }),
    { group, title: 'core: memory after the load × bare', unit: '×', ...summarise(bare.rssRatios) },
  ]
}

/** All that production does for a request against peers that check the signature and do nothing else. */
async function measureFull(bench: Bench, env: Environment): Promise<Figure[]> {
  const targets = makeJobTargets({ signed: true })
  const full = { ...ours('full', env), targets }
  const against = (name: string) => duel(bench, full, { ...peer(name, '--sign'), targets })
  const bare = await against('bare')
  const memory = summarise(bare.rssRatios)
  return [
    ratio('full × bare, both signed', bare, { atLeast: 0.78 }),
    ratio('full × fastify 5, both signed', await against('fastify'), { atLeast: 0.9 }),
    { group, title: 'full: memory after the load × bare', unit: '×', ...memory, goal: { atMost: 1.3 } },
  ]
}

function ratio(title: string, { ratios, detail }: DuelResult, goal?: Goal): Figure {
  return { group, title, unit: '×', ...summarise(ratios), ...(goal && { goal }), detail }
}
