import { type Mariadb, startMariadb } from '../../test/servers/mariadb.js'
import { learnAnswers } from '../answers.js'
import { duel, type Side } from '../duel.js'
import { type Figure, summarise } from '../figure.js'
import { builtModule } from '../folders.js'
import { onCore } from '../on-core.js'
import { type Bench, quickPlan } from '../plan.js'
import { fewUsers, readCalls } from './calls.js'
import { productionEnvironment, seed } from '../seed.js'
import { seedOwnedRows } from '../seed-owned.js'
import { spreadUids } from '../targets.js'

const sizes = [10_000, 100_000, 1_000_000]
const quickSizes = [1000, 10_000]

/**
 * What a read costs among ever more users: the CPU of server and database for a call, beside that among the fewest, both
 * under load at the same moment.
 */
export async function measureGrowth(bench: Bench): Promise<Figure[]> {
  return [
    ...(await measureOn(bench, 'SQLite', async (users) => ({
      env: productionEnvironment(bench.folder, `sqlite:${bench.folder}/growth-${users}.db`),
      besides: [],
      stop: async () => {},
    }))),
    ...(await measureOn(bench, 'MariaDB', () => openMariadb(bench))),
  ]
}

interface Opened {
  readonly env: Record<string, string>
  readonly besides: readonly number[]
  stop(): Promise<void>
}

/** One of its own for each size, as the CPU of its database counts too. */
async function openMariadb({ folder }: Bench): Promise<Opened> {
  const mariadb: Mariadb = await onCore(1, startMariadb)
  // The test server's 32 MiB would measure the disk.
  await mariadb.run('SET GLOBAL innodb_buffer_pool_size = 2147483648')
  return {
    env: productionEnvironment(folder, await mariadb.createDatabase()),
    besides: [mariadb.pid],
    stop: () => mariadb.stop(),
  }
}

async function measureOn(
  bench: Bench,
  database: string,
  open: (users: number) => Promise<Opened>,
): Promise<Figure[]> {
  const opened: Opened[] = []
  try {
    const sides: (readonly NamedSide[])[] = []
    for (const users of bench.plan === quickPlan ? quickSizes : sizes) {
      const place = await open(users)
      opened.push(place)
      bench.say(`making a ${database} database of ${users} users`)
      sides.push(await sidesOf(bench, place, users))
    }
    return await compare(bench, database, sides)
  } finally {
    for (const place of opened) await place.stop()
  }
}

interface NamedSide {
  readonly title: string
  readonly users: number
  readonly side: Side
}

/** The server of a size for each call, which knows its answers. */
async function sidesOf(bench: Bench, { env, besides }: Opened, users: number): Promise<NamedSide[]> {
  await seed(env, users, (text) => bench.say(text))
  const pick = (count: number) => spreadUids(Math.min(count, users), users)
  const calls = readCalls(pick, await seedOwnedRows(env, pick(fewUsers)))
  const server = { name: `${users} users`, module: builtModule('gateway/main'), env, besides }
  const sides: NamedSide[] = []
  for (const { title, questions, clean } of calls) {
    const targets = await learnAnswers(server, questions, clean)
    sides.push({ title, users, side: { ...server, targets, ...(clean && { clean }) } })
  }
  return sides
}

async function compare(
  bench: Bench,
  database: string,
  [few = [], ...more]: readonly (readonly NamedSide[])[],
): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const many of more)
    for (const [at, { title, users, side }] of many.entries()) {
      const least = few[at]
      if (!least) continue
      const { ratios, detail } = await duel(bench, least.side, side)
      figures.push({
        group: 'growth',
        title: `CPU of ${title}, ${database}: ${users} users × ${least.users}`,
        unit: '×',
        ...summarise(ratios),
        goal: { atMost: 1.3 },
        detail,
      })
    }
  return figures
}
