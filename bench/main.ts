import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makePrivateFolder, removePrivateFolder } from '../test/servers/processes/leftovers.js'
import { findProgram } from '../test/servers/processes/process.js'
import { measureAccounts } from './measures/accounts.js'
import { measureAdoption } from './measures/adoption.js'
import { measureData } from './measures/data.js'
import { measureEnumeration } from './measures/enumeration.js'
import { type Figure, isMet } from './figure.js'
import { benchFolder } from './folders.js'
import { measureConsoleCost } from './product/console-cost.js'
import { measureFarDatabase } from './product/far-database.js'
import { measureGrowth } from './product/growth.js'
import { measureNodes } from './product/nodes.js'
import { measureGateway } from './measures/gateway.js'
import { measureLatency } from './measures/latency.js'
import { measureLists } from './lists/lists.js'
import { measureLogins } from './measures/logins.js'
import { measurePhp } from './product/php.js'
import { measureProduct } from './product/product.js'
import { type Bench, quickPlan, wholePlan } from './plan.js'
import { describeCircumstances, formatTable, keepResults } from './report.js'
import { measureStart } from './measures/start.js'
import { measureRest } from './measures/rest.js'
import { measureSignIns } from './measures/sign-ins.js'
import { measureWorkers } from './measures/workers.js'

const measures: Readonly<Record<string, (bench: Bench) => Promise<Figure[]>>> = {
  product: measureProduct,
  php: measurePhp,
  growth: measureGrowth,
  latency: measureLatency,
  far: measureFarDatabase,
  nodes: measureNodes,
  console: measureConsoleCost,
  start: measureStart,
  gateway: measureGateway,
  rest: measureRest,
  data: measureData,
  logins: async (bench) => [...(await measureLogins(bench)), ...(await measureSignIns(bench))],
  accounts: measureAccounts,
  adoption: measureAdoption,
  enumeration: measureEnumeration,
  lists: measureLists,
  workers: measureWorkers,
}
const names = Object.keys(measures)

const help = `Measures the product in production beside what its users would run instead.

  npm run bench                       everything, some two hours
  npm run bench -- --only product     one of the parts below
  npm run bench -- --quick            one short round of each: does it run at all? Writes no result file.

  product      calls of the product × the same by hand: Fastify, prepared statements, the same transactions
  php          getUserVerifyInfo × the stack it replaces: PHP-FPM, OPcache, nginx, PDO (skipped where not installed)
  growth       the product's reads among 10^4, 10^5 and 10^6 users
  latency      at 60 % of what the server can do, alone and beside sign-ins
  far          codes sent by many at once, with the database beside the server and 2 ms away
  nodes        what a call costs on one, two and three nodes, on one MariaDB and on a Galera cluster
  console      getUserVerifyInfo with the console on, and nobody there, × with it off
  start        to the first answer, and the size of what is installed
  rest         a REST path × Express 5 as it is commonly written
  logins       password checks × the hash alone, and what they do to other calls
  accounts     session checks, sign-ins and registrations
  data         a read by key × the bare driver
  adoption     taking an old shop's database over
  enumeration  the same call for somebody known and for somebody unknown
  lists        lists over millions of rows; takes 3 GB of memory and of disk
  workers      two workers × one
  gateway      a method made up for the purpose, its users in memory, × node:http by hand and frameworks: an aid to
               profile the way of a request, no figure of the product

Needs Linux with two cores, wrk, taskset and MariaDB. Each result is a ratio measured on both sides at the same moment,
unless it names another unit. Results are kept in bench/results, those of a part under the part's name.`

class BenchError extends Error {}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { help: { type: 'boolean' }, quick: { type: 'boolean' }, only: { type: 'string' } },
  })
  if (values.help) return console.log(help)
  const chosen = values.only === undefined ? names : [values.only]
  if (!chosen.every((name) => names.includes(name)))
    throw new BenchError(`--only: one of ${names.join(', ')}`)
  requirePrograms()
  installPeers()
  const figures = await measure(chosen, values.quick ?? false)
  console.log(`\n${formatTable(figures)}\n`)
  const missed = figures.filter((figure) => isMet(figure) === false)
  console.log(missed.length === 0 ? 'Every goal is met.' : `Goals missed: ${missed.length}.`)
  if (values.quick) return
  const { starts, rounds, seconds } = wholePlan
  const how = `Median of ${starts} fresh starts, ${rounds} rounds of ${seconds} s each.`
  console.log(`Kept in ${keepResults(describeCircumstances(how), figures, values.only).join(' and ')}`)
}

function requirePrograms(): void {
  const missing = [
    ['wrk', 'wrk'],
    ['taskset', 'util-linux'],
    ['mariadbd', 'mariadb-server'],
  ].filter(([program = '']) => findProgram(program) === undefined)
  if (missing.length > 0)
    throw new BenchError(
      `not installed; please run: apt-get install ${missing.map(([, name]) => name).join(' ')}`,
    )
}

/** The peers are packages of the benchmark alone, so that none of them is installed with the product. */
function installPeers(): void {
  if (existsSync(join(benchFolder, 'node_modules', '.package-lock.json'))) return
  console.log('installing the peers into bench/node_modules')
  const { status } = spawnSync('npm', ['ci', '--prefix', benchFolder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new BenchError('the peers could not be installed: npm ci --prefix bench')
}

async function measure(chosen: readonly string[], quick: boolean): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const name of chosen) {
    const folder = makePrivateFolder('bench')
    console.log(`\n${name}`)
    const say = (text: string) => console.log(`  ${text}`)
    const taken = (await measures[name]?.({ plan: quick ? quickPlan : wholePlan, folder, say })) ?? []
    console.log(formatTable(taken).replace(/^/gm, '  '))
    figures.push(...taken)
    await removePrivateFolder(folder)
  }
  return figures
}

main().catch((error: unknown) => {
  console.error(error instanceof BenchError ? error.message : error)
  process.exitCode = 1
})
