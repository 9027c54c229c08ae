import { learnAnswers } from '../answers.js'
import { duel } from '../duel.js'
import { type Figure, summarise } from '../figure.js'
import { builtModule, peerModule } from '../folders.js'
import type { Bench } from '../plan.js'
import { productionEnvironment, seed } from '../seed.js'
import { spreadUids } from '../targets.js'

/** A REST path, asked for before every login, which runs through Express, against Express as it is commonly written. */
export async function measureRest(bench: Bench): Promise<Figure[]> {
  const env = { ...productionEnvironment(bench.folder), DATABASE_URL: `sqlite:${bench.folder}/rest.db` }
  await seed(env, 0)
  const product = { name: 'ours (product)', module: builtModule('gateway/main'), env }
  const paths = spreadUids(4096).map(
    (uid) => `/front/sys/config/publicKey?app_version=6.7.2&client_type=iphone&udid=${uid}`,
  )
  const targets = await learnAnswers(
    product,
    paths.map((path) => ({ path })),
  )
  const { data } = JSON.parse(targets[0]?.body ?? '{}')
  const peer = {
    name: 'express-rest',
    module: peerModule('express-rest'),
    env: { BENCH_PUBLIC_KEY: data.public_key },
    targets,
  }
  const { ratios, detail } = await duel(bench, { ...product, targets }, peer)
  const title = 'REST path, all of production × express 5'
  return [{ group: 'rest', title, unit: '×', ...summarise(ratios), goal: { atLeast: 2.8 }, detail }]
}
