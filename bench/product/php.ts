import { join } from 'node:path'
import { startMariadb } from '../../test/servers/mariadb.js'
import { findProgram } from '../../test/servers/processes/process.js'
import { learnAnswers } from '../answers.js'
import { duel } from '../duel.js'
import { type Figure, summarise } from '../figure.js'
import { builtModule } from '../folders.js'
import { jobMethod } from '../job.js'
import { onCore } from '../on-core.js'
import { phpPrograms, startPhpStack } from './php-stack.js'
import type { Bench } from '../plan.js'
import { fewUsers, manyUsers } from './calls.js'
import { productionEnvironment, seed } from '../seed.js'
import { jobPath, spreadUids } from '../targets.js'

/** The product beside the stack that it replaces: PHP-FPM with OPcache behind nginx, the same call on one MariaDB. */
export async function measurePhp(bench: Bench): Promise<Figure[]> {
  const missing = phpPrograms.filter((name) => findProgram(name) === undefined)
  if (missing.length > 0) {
    bench.say(
      `skipped, as not installed: ${missing.join(', ')} (Debian: php8.2-fpm php8.2-mysql php8.2-opcache nginx)`,
    )
    return []
  }
  const mariadb = await onCore(1, startMariadb)
  try {
    const databaseUrl = await mariadb.createDatabase()
    const env = productionEnvironment(bench.folder, databaseUrl)
    bench.say('making a MariaDB database of 100,000 users')
    await seed(env)
    const product = { name: 'ours (product)', module: builtModule('gateway/main'), env }
    const php = {
      name: 'php-fpm behind nginx',
      start: (core: number | undefined) => startPhpStack(join(bench.folder, 'php'), databaseUrl, core),
    }
    const figures: Figure[] = []
    for (const [users, title, atLeast] of [
      [manyUsers, 'of ever other users', 1.6],
      [fewUsers, `of ${fewUsers} users`, 2.5],
    ] as const) {
      const questions = spreadUids(users).map((uid) => ({
        path: jobPath(jobMethod, { uid: String(uid) }, true),
      }))
      const targets = await learnAnswers(product, questions)
      const { ratios, detail } = await duel(bench, { ...product, targets }, { ...php, targets })
      figures.push({
        group: 'php',
        title: `getUserVerifyInfo ${title}, MariaDB × PHP 8.2-fpm, OPcache, nginx`,
        unit: '×',
        ...summarise(ratios),
        goal: { atLeast },
        detail,
      })
    }
    return figures
  } finally {
    await mariadb.stop()
  }
}
