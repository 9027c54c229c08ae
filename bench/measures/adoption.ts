import { loadConfig } from '../../config/config.js'
import { connect } from '../../db/connect.js'
import { migrate } from '../../db/migrate.js'
import { openForms } from '../../db/open.js'
import { systemClock } from '../../gateway/services/clock.js'
import { createLog } from '../../gateway/services/telemetry/log.js'
import { createVault } from '../../gateway/services/vault.js'
import { type AdoptionProgress, adoptShopUsers, describeProgress } from '../../gateway/start/shop-adoption.js'
import { type Mariadb, startMariadb } from '../../test/servers/mariadb.js'
import type { Figure } from '../figure.js'
import { type Bench, quickPlan } from '../plan.js'
import { productionEnvironment } from '../seed.js'
import { fillShop } from '../../test/servers/old-shop/filled-shop.js'

const group = 'adoption'
const sizes = [10_000, 100_000, 1_000_000]
const mostSeconds = 300

/** How long an old shop's database takes to be taken over, by its users: every step, in seconds. */
export async function measureAdoption(bench: Bench): Promise<Figure[]> {
  const mariadb = await startMariadb()
  try {
    const figures: Figure[] = []
    for (const users of bench.plan === quickPlan ? [1000] : sizes)
      figures.push(await measureSize(bench, mariadb, users))
    return figures
  } finally {
    await mariadb.stop()
  }
}

async function measureSize(bench: Bench, mariadb: Mariadb, users: number): Promise<Figure> {
  const { folder } = bench
  const say = (text: string) => bench.say(text)
  const url = await mariadb.createDatabase()
  const { database, dataKeys, timeZone, wechat } = loadConfig(productionEnvironment(folder, url))
  const loading = connect(database)
  // The test server's 32 MiB would measure the disk: a shop of this size has more than that.
  await loading.raw('SET GLOBAL innodb_buffer_pool_size = 2147483648')
  await loading.raw('SET GLOBAL innodb_log_file_size = 536870912')
  await fillShop(loading, users)
  say(`made a shop of ${users} users`)
  await loading.destroy()
  const steps = new Map<string, number>()
  const timed = async <Result>(step: string, work: () => Promise<Result>): Promise<Result> => {
    const begun = performance.now()
    const result = await work()
    steps.set(step, (performance.now() - begun) / 1000)
    return result
  }
  const first = connect(database)
  await timed('schema', () => migrate(first, say))
  const db = await openForms(first, database, { timeZone })
  try {
    await timed('users', () =>
      adopt(
        { db, vault: createVault(dataKeys), wechat },
        (step, seconds) => steps.set(step, (steps.get(step) ?? 0) + seconds),
        say,
      ),
    )
  } finally {
    await db.destroy()
    await mariadb.dropDatabase(url)
  }
  const seconds = (steps.get('schema') ?? 0) + (steps.get('users') ?? 0)
  steps.delete('users')
  return {
    group,
    title: `an old shop of ${users} users taken over`,
    unit: 's',
    value: seconds,
    goal: { atMost: mostSeconds },
    detail: [...steps].map(([step, seconds]) => `${step} ${seconds.toFixed(1)}`).join(', '),
  }
}

/** Takes over the users, and tells the seconds of every step. */
async function adopt(
  adopter: Omit<Parameters<typeof adoptShopUsers>[0], 'log' | 'clock'>,
  done: (step: string, seconds: number) => void,
  say: (text: string) => void,
): Promise<void> {
  const log = createLog('silent', { write() {}, flush() {}, flushSync() {} })
  let begun = performance.now()
  const report = (progress: AdoptionProgress) => {
    say(describeProgress(progress))
    if (progress.done < progress.total) return
    done(progress.step, (performance.now() - begun) / 1000)
    begun = performance.now()
  }
  await adoptShopUsers({ ...adopter, log, clock: systemClock }, { report })
  log.close()
}
