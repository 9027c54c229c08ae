import { startMariadb } from '../../test/servers/mariadb.js'
import { learnAnswers } from '../answers.js'
import { duel } from '../duel.js'
import { type Figure, summarise } from '../figure.js'
import { builtModule, peerModule } from '../folders.js'
import { onCore } from '../on-core.js'
import type { Bench } from '../plan.js'
import { fewUsers, readCalls } from './calls.js'
import { productionEnvironment, seed } from '../seed.js'
import { seedOwnedRows } from '../seed-owned.js'
import { spreadUids } from '../targets.js'
import { measureWrites } from './writes.js'

/**
 * The product in production beside the same calls written by hand in Fastify with the driver's prepared statements, on
 * the same tables of 100,000 users: reads on both databases, writes on MariaDB.
 */
export async function measureProduct(bench: Bench): Promise<Figure[]> {
  const sqlite = productionEnvironment(bench.folder, `sqlite:${bench.folder}/product.db`)
  const mariadb = await onCore(1, startMariadb)
  try {
    const mysql = productionEnvironment(bench.folder, await mariadb.createDatabase())
    return [
      ...(await measureReads(bench, 'SQLite', sqlite)),
      ...(await measureReads(bench, 'MariaDB', mysql)),
      ...(await measureWrites(bench, mysql)),
    ]
  } finally {
    await mariadb.stop()
  }
}

async function measureReads(bench: Bench, database: string, env: Record<string, string>): Promise<Figure[]> {
  bench.say(`making a ${database} database of 100,000 users`)
  await seed(env)
  const signedIn = await seedOwnedRows(env, spreadUids(fewUsers))
  const product = { name: 'ours (product)', module: builtModule('gateway/main'), env }
  const figures: Figure[] = []
  for (const { title, questions, goal, clean } of readCalls(spreadUids, signedIn)) {
    bench.say(title)
    const asked = { targets: await learnAnswers(product, questions, clean), ...(clean && { clean }) }
    const peer = { name: 'fastify-sql', module: peerModule('fastify-sql'), env, ...asked }
    const { ratios, detail } = await duel(bench, { ...product, ...asked }, peer)
    const name = `${title}, ${database} × fastify by hand`
    figures.push({ group: 'product', title: name, unit: '×', ...summarise(ratios), goal, detail })
  }
  return figures
}
