import { learnAnswers } from '../answers.js'
import type { Contestant } from '../contestant.js'
import { duel, type DuelResult, type Side } from '../duel.js'
import { type Figure, type Goal, summarise } from '../figure.js'
import { builtModule, peerModule } from '../folders.js'
import type { Bench } from '../plan.js'
import { productionEnvironment, seed } from '../seed.js'
import { jobPath, makeJobTargets, spreadUids } from '../targets.js'

const group = 'gateway'

/** The gateway's own cost of a request beside that of its peers. */
export async function measureGateway(bench: Bench): Promise<Figure[]> {
  const env = productionEnvironment(bench.folder)
  bench.say('making a SQLite database of 100,000 users')
  await seed(env)
  return [
    ...(await measureCore(bench, env)),
    ...(await measureFull(bench, env)),
    await measureProduct(bench, env),
  ]
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
    ratio('full × bare, both signed', bare, { atLeast: 0.75 }),
    ratio('full × fastify 5, both signed', await against('fastify'), { atLeast: 0.9 }),
    { group, title: 'full: memory after the load × bare', unit: '×', ...memory, goal: { atMost: 1.25 } },
  ]
}

/** As many as are asked for again before the cache forgets them. */
const cachedUsers = 256

/** The product itself: open.passport.get reads its user from the cache, every two seconds from the database. */
async function measureProduct(bench: Bench, env: Environment): Promise<Figure> {
  const product = { name: 'ours (product)', module: builtModule('gateway/main'), env }
  const paths = spreadUids(cachedUsers).map((uid) => jobPath('open.passport.get', { uid: String(uid) }, true))
  const targets = await learnAnswers(product, paths, withoutTime)
  const side: Side = { ...product, targets, clean: withoutTime }
  const bare = { ...peer('bare', '--sign'), targets: makeJobTargets({ signed: true }) }
  return ratio(
    'open.passport.get of the product × the job on bare, both signed',
    await duel(bench, side, bare),
  )
}

const withoutTime = (body: string) => body.replace(/"random":[\d.]+/, '"random":0')

function ratio(title: string, { ratios, detail }: DuelResult, goal?: Goal): Figure {
  return { group, title, unit: '×', ...summarise(ratios), ...(goal && { goal }), detail }
}
