import { Agent } from 'node:http'
import { startMariadb } from '../../test/servers/mariadb.js'
import { atPort, startGalera } from '../../test/servers/cluster/galera.js'
import { findProgram } from '../../test/servers/processes/process.js'
import { startRedis } from '../../test/servers/redis.js'
import { ask, type Question } from '../answers.js'
import { type RunningContestant, startContestant } from '../contestant.js'
import { type Figure, median, summarise } from '../figure.js'
import { builtModule } from '../folders.js'
import { jobMethod } from '../job.js'
import type { Bench } from '../plan.js'
import { callsAtOnce, measureRounds, type Round } from '../paced-calls.js'
import { productionEnvironment, seed } from '../seed.js'
import { jobPath, spreadUids } from '../targets.js'
import { openHanded, startVendor } from './writes.js'

const users = 10_000
const mostNodes = 3

/**
 * What a call costs when one, two and three nodes serve, on one MariaDB and on a Galera cluster each of whose servers has
 * the calls of one node. Callers, nodes and databases share the machine's cores.
 */
export async function measureNodes(bench: Bench): Promise<Figure[]> {
  const figures = await measureOn(bench, await openMariadb())
  if (findProgram('../lib/galera/libgalera_smm.so'))
    figures.push(...(await measureOn(bench, await openGalera())))
  else bench.say('Galera: skipped, as not installed (Debian: galera-4 rsync lsof)')
  return figures
}

interface Database {
  readonly title: string
  /** Of the same database, by the server that a node in turn is given. */
  readonly urls: readonly string[]
  readonly pids: readonly number[]
  stop(): Promise<void>
}

async function openMariadb(): Promise<Database> {
  const mariadb = await startMariadb()
  return {
    title: 'MariaDB',
    urls: [await mariadb.createDatabase()],
    pids: [mariadb.pid],
    stop: () => mariadb.stop(),
  }
}

async function openGalera(): Promise<Database> {
  const galera = await startGalera()
  const url = await galera.createDatabase()
  return {
    title: 'Galera of three',
    urls: galera.nodes.map(({ port }) => atPort(url, port)),
    pids: galera.nodes.map(({ pid }) => pid),
    stop: () => galera.stop(),
  }
}

async function measureOn(bench: Bench, database: Database): Promise<Figure[]> {
  const redis = await startRedis()
  const vendor = await startVendor()
  try {
    const [url] = database.urls
    const env = {
      ...productionEnvironment(bench.folder, url),
      ...openHanded,
      REDIS_URL: redis.url,
      SMS_WEBHOOK_URL: vendor.url,
    }
    bench.say(`making a database of ${users} users, ${database.title}`)
    await seed(env, users)
    const figures: Figure[] = []
    for (let count = 1; count <= mostNodes; count++)
      figures.push(...(await measureCount(bench, { database, env, count })))
    return figures
  } finally {
    vendor.server.close()
    await redis.stop()
    await database.stop()
  }
}

interface Setting {
  readonly database: Database
  readonly env: Record<string, string>
  readonly count: number
}

async function measureCount(bench: Bench, { database, env, count }: Setting): Promise<Figure[]> {
  const nodes: RunningContestant[] = []
  const agent = new Agent({ keepAlive: true })
  try {
    for (let at = 0; at < count; at++) {
      const DATABASE_URL = database.urls[at % database.urls.length] ?? ''
      nodes.push(
        await startContestant({
          name: 'ours (product)',
          module: builtModule('gateway/main'),
          env: { ...env, DATABASE_URL },
        }),
      )
    }
    const where = `${count === 1 ? 'one node' : `${count} nodes`}, ${database.title}`
    bench.say(where)
    const groups = [nodes.flatMap(({ pids }) => pids), database.pids]
    const figures: Figure[] = []
    for (const [title, next] of [
      [jobMethod, readOfUser],
      ['sendcode', codeForAnybody],
    ] as const) {
      const call = async (lane: number) => {
        const { path, from } = next(lane)
        const { body } = await ask(`${nodes[lane % count]?.url}${path}`, agent, { from })
        if (!body.startsWith('{"code":200,')) throw new Error(`${title} was answered ${body}`)
      }
      figures.push(figureOf(`${title}, ${where}`, await measureRounds(bench, call, groups)))
    }
    return figures
  } finally {
    agent.destroy()
    for (const node of nodes) await node.stop()
  }
}

let calls = 0
const uids = spreadUids(users, users)

function readOfUser(): Question {
  return { path: jobPath(jobMethod, { uid: String(uids[calls++ % users]) }, true) }
}

/** For ever other numbers; the callers that ask at the same time are of different networks. */
function codeForAnybody(lane: number): Question {
  const mobile = `139${String(calls++).padStart(8, '0')}`
  return { path: jobPath('web.passport.sendcode', { mobile }, true), from: `20.${lane}.${calls % 250}.7` }
}

/** The CPU of a call, that of nodes and databases together. */
function figureOf(title: string, rounds: readonly Round[]): Figure {
  const perCall = ({ milliseconds, cpuSeconds }: Round) =>
    cpuSeconds.map((seconds) => (1e6 * seconds) / milliseconds.length)
  const sums = rounds.map((round) => perCall(round).reduce((sum, part) => sum + part, 0))
  const middle = (at: number) => median(rounds.map((round) => perCall(round)[at] ?? NaN)).toFixed(0)
  const perSecond = median(rounds.map((round) => round.perSecond)).toFixed(0)
  return {
    group: 'nodes',
    title,
    unit: 'µs of CPU',
    ...summarise(sums),
    detail: `nodes ${middle(0)}, databases ${middle(1)}; ${perSecond} a second, ${callsAtOnce} at once`,
  }
}
