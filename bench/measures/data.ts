import { startMariadb } from '../../test/servers/mariadb.js'
import { runToEnd } from '../../test/servers/processes/process.js'
import { type Figure, median, summarise } from '../figure.js'
import { builtModule } from '../folders.js'
import { onCore } from '../on-core.js'
import type { Bench } from '../plan.js'
import { productionEnvironment, seed } from '../seed.js'

/** Our data layer's cost of reading a user beside the driver's own. */
export async function measureData(bench: Bench): Promise<Figure[]> {
  bench.say('making a MariaDB and a SQLite database of 100,000 users')
  const mariadb = await onCore(1, startMariadb)
  try {
    const url = await mariadb.createDatabase()
    await seed(productionEnvironment(bench.folder, url))
    const file = `${bench.folder}/data.db`
    await seed(productionEnvironment(bench.folder, `sqlite:${file}`))
    const goal = { atMost: 1.15 }
    return [
      {
        ...(await compare(bench, 'mysql', url, 16)),
        title: 'user by key, MariaDB, 16 under way × mysql2 execute',
        goal,
      },
      {
        ...(await compare(bench, 'mysql', url, 1)),
        title: 'user by key, MariaDB, 1 under way × mysql2 execute',
      },
      {
        ...(await compare(bench, 'sqlite', file, 1)),
        title: 'user by key, SQLite × a prepared statement of libsql',
      },
    ]
  } finally {
    await mariadb.stop()
  }
}

async function compare(
  bench: Bench,
  kind: 'mysql' | 'sqlite',
  place: string,
  inFlight: number,
): Promise<Omit<Figure, 'title'>> {
  bench.say(`reading users from ${kind}, ${inFlight} under way`)
  const { rounds, starts, seconds } = bench.plan
  const turns: [number, number][] = []
  for (let start = 0; start < starts; start++) {
    const args = [kind, place, String(seconds / 4), String(rounds * 2), String(inFlight)]
    const client = ['-c', '0', process.execPath, builtModule('bench/measures/data-client'), ...args]
    const output = await runToEnd({ command: 'taskset', args: client })
    turns.push(
      ...output
        .trim()
        .split('\n')
        .map((line): [number, number] => JSON.parse(line)),
    )
  }
  const ours = median(turns.map(([ours]) => ours))
  const driver = median(turns.map(([, driver]) => driver))
  return {
    group: 'data',
    unit: '×',
    ...summarise(turns.map(([ours, driver]) => ours / driver)),
    detail: `client CPU a read ${ours.toFixed(1)} / ${driver.toFixed(1)} µs`,
  }
}
