import { startMariadb } from '../../test/servers/mariadb.js'
import { learnAnswers } from '../answers.js'
import { duel } from '../duel.js'
import { type Figure, type Goal, summarise } from '../figure.js'
import { builtModule, peerModule } from '../folders.js'
import { onCore } from '../on-core.js'
import { jobMethod } from '../job.js'
import type { Bench } from '../plan.js'
import { productionEnvironment, seed } from '../seed.js'
import { seedOwnedRows } from '../seed-owned.js'
import { jobPath, spreadUids } from '../targets.js'

/** As many different users as fit into a cache, and more than do. */
const fewUsers = 256
const manyUsers = 4096

/**
 * The product in production beside the same call written by hand in Fastify with a prepared statement, on the same
 * tables of 100,000 users.
 */
export async function measureProduct(bench: Bench): Promise<Figure[]> {
  const sqlite = productionEnvironment(bench.folder, `sqlite:${bench.folder}/product.db`)
  const mariadb = await onCore(1, startMariadb)
  try {
    const mysql = productionEnvironment(bench.folder, await mariadb.createDatabase())
    return [...(await measureOn(bench, 'SQLite', sqlite)), ...(await measureOn(bench, 'MariaDB', mysql))]
  } finally {
    await mariadb.stop()
  }
}

async function measureOn(bench: Bench, database: string, env: Record<string, string>): Promise<Figure[]> {
  bench.say(`making a ${database} database of 100,000 users`)
  await seed(env)
  const signedIn = await seedOwnedRows(env, fewUsers)
  const verifyInfo = (users: number) =>
    spreadUids(users).map((uid) => jobPath(jobMethod, { uid: String(uid) }, true))
  const own = (path: string) => signedIn.map(({ token }) => `/front/account/${path}?perm_key=${token}`)
  const calls: readonly Call[] = [
    ['getUserVerifyInfo of ever other users', verifyInfo(manyUsers), { atLeast: 0.95 }],
    [`getUserVerifyInfo of ${fewUsers} users`, verifyInfo(fewUsers), { atLeast: 1.2 }],
    ['userMessage/getMsgCount', own('userMessage/getMsgCount'), { atLeast: 0.9 }],
    ['userDeliveryAddress/list, 10 rows', own('userDeliveryAddress/list'), { atLeast: 0.9 }],
  ]
  const product = { name: 'ours (product)', module: builtModule('gateway/main'), env }
  const figures: Figure[] = []
  for (const [title, paths, goal] of calls) {
    bench.say(title)
    const targets = await learnAnswers(product, paths)
    const peer = { name: 'fastify-sql', module: peerModule('fastify-sql'), env, targets }
    const { ratios, detail } = await duel(bench, { ...product, targets }, peer)
    const name = `${title}, ${database} × fastify by hand`
    figures.push({ group: 'product', title: name, unit: '×', ...summarise(ratios), goal, detail })
  }
  return figures
}

type Call = readonly [title: string, paths: readonly string[], goal: Goal]
