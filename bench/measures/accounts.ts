import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Knex } from 'knex'
import { loadConfig } from '../../config/config.js'
import { connect } from '../../db/connect.js'
import { createVault } from '../../gateway/services/vault.js'
import { startMariadb } from '../../test/servers/mariadb.js'
import { runToEnd } from '../../test/servers/processes/process.js'
import { type RunningContestant, startContestant } from '../contestant.js'
import { type Figure, median, summarise } from '../figure.js'
import { builtModule } from '../folders.js'
import { firstUid } from '../job.js'
import { callInLanes } from '../paced-calls.js'
import type { Bench } from '../plan.js'
import { password, productionEnvironment, seed } from '../seed.js'

const group = 'accounts'
const users = 1000
const lanes = 8
const countedLogins = 100
const code = '4711'
/** More than can be registered in the time of a measure. */
const newcomers = 20_000

/** Checking tokens, signing in and registering by the account APIs. */
export async function measureAccounts(bench: Bench): Promise<Figure[]> {
  const mariadb = await startMariadb()
  try {
    const url = await mariadb.createDatabase()
    return [
      await measureSessionCheck(bench),
      ...(await measureDatabase(bench, 'SQLite', productionEnvironment(bench.folder))),
      ...(await measureDatabase(bench, 'MariaDB', productionEnvironment(bench.folder, url))),
    ]
  } finally {
    await mariadb.stop()
  }
}

async function measureSessionCheck(bench: Bench): Promise<Figure> {
  bench.say('checking tokens by our sessions and by hand in turns')
  const env = productionEnvironment(bench.folder, `sqlite:${bench.folder}/sessions.db`)
  await seed(env, users)
  const rounds = bench.plan.starts * bench.plan.rounds
  const args = [builtModule('bench/measures/session-client'), String(rounds), '50000']
  const output = await runToEnd({ command: process.execPath, args, env: { ...process.env, ...env } })
  const turns = output
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('['))
    .map((line): [number, number] => JSON.parse(line))
  return {
    group,
    title: 'session check × an HS256 verification by hand',
    unit: '×',
    ...summarise(turns.map(([ours, byHand]) => ours / byHand)),
    goal: { atMost: 1.2 },
    detail: `${median(turns.map(([ours]) => ours)).toFixed(0)} / ${median(turns.map(([, byHand]) => byHand)).toFixed(0)} ns`,
  }
}

async function measureDatabase(bench: Bench, name: string, env: Record<string, string>): Promise<Figure[]> {
  await seed(env, users)
  const db = connect(loadConfig(env).database)
  const agent = new Agent({ keepAlive: true })
  const server = await startContestant({ name: 'ours', module: builtModule('gateway/main'), env })
  const site = { server, agent }
  try {
    const figures = [
      await measureLogins(bench, name, site),
      await measureRegistrations(bench, name, { ...site, db, env }),
    ]
    return name === 'MariaDB' ? [...figures, await countStatements(bench, { ...site, db })] : figures
  } finally {
    agent.destroy()
    await server.stop()
    await db.destroy()
  }
}

interface Site {
  readonly server: RunningContestant
  readonly agent: Agent
}

const login = (site: Site, at: number) =>
  post(site, '/front/account/login/login', { user_account: `user${firstUid + (at % users)}`, password })

async function measureLogins(bench: Bench, name: string, site: Site): Promise<Figure> {
  bench.say(`logins on ${name}`)
  const rate = await rateOf(bench, (at) => login(site, at))
  return { group, title: `logins a second, ${name}`, unit: '/s', value: rate }
}

async function measureRegistrations(
  bench: Bench,
  name: string,
  { db, env, ...site }: Site & { readonly db: Knex; readonly env: Record<string, string> },
): Promise<Figure> {
  bench.say(`registrations on ${name}`)
  const vault = createVault([env['DATA_KEY'] ?? ''])
  const mobileOf = (at: number) => `+86138${String(50_000_000 + at)}`
  const rows = Array.from({ length: newcomers }, (_, at) => {
    const address = `sms:${mobileOf(at)}`
    const digest = vault.digest('sent-code', `${address} ${code}`)
    const expires_at = Date.now() + 3_600_000
    return { address, code_id: `bench-${at}`, digest, purpose: '', wrong_tries: 0, expires_at }
  })
  await db.batchInsert('sent_code', rows, 400)
  const rate = await rateOf(bench, (at) =>
    post(site, '/front/account/login/register', {
      bind_type: '1',
      user_account: mobileOf(at),
      verify_code: code,
      password: `password of ${at}`,
    }),
  )
  return { group, title: `registrations a second, ${name}`, unit: '/s', value: rate }
}

/** What the database server itself counts, transactions' begin and commit included. */
async function countStatements(bench: Bench, { db, ...site }: Site & { readonly db: Knex }): Promise<Figure> {
  bench.say('counting the statements of a login')
  const questions = async () => {
    const [[row]] = (await db.raw("SHOW GLOBAL STATUS LIKE 'Questions'")) as [{ Value: string }[]]
    return Number(row?.Value)
  }
  // The first sign-in of a day is rewarded; those that are counted are not.
  for (let at = 0; at < countedLogins; at++) await login(site, at)
  const before = await questions()
  const started = performance.now()
  for (let at = 0; at < countedLogins; at++) await login(site, at)
  const seconds = (performance.now() - started) / 1000
  const during = (await questions()) - before
  // What the server asks by itself, for as long as the logins took.
  const idleBefore = await questions()
  await new Promise((resolve) => setTimeout(resolve, 4000))
  const idle = (((await questions()) - idleBefore) / 4) * seconds
  return {
    group,
    title: 'statements of a login, MariaDB, with BEGIN and COMMIT',
    unit: '',
    value: (during - idle) / countedLogins,
    goal: { atMost: 4 },
  }
}

/** Calls a second in a number of lanes, all of them successes. */
async function rateOf({ plan }: Bench, call: (at: number) => Promise<string>): Promise<number> {
  let next = 0
  let done = 0
  let countedFrom = Infinity
  const ends = performance.now() + (plan.warmSeconds + plan.seconds) * 1000
  const counts = performance.now() + plan.warmSeconds * 1000
  await callInLanes(
    lanes,
    async () => {
      const body = await call(next++)
      if (!body.includes('"code":0,')) throw new Error(`answered ${body}`)
      if (performance.now() < counts) return
      countedFrom = Math.min(countedFrom, performance.now())
      done++
    },
    () => performance.now() > ends,
  )
  return (done * 1000) / (performance.now() - countedFrom)
}

function post({ server, agent }: Site, path: string, fields: Record<string, string>): Promise<string> {
  const form = new URLSearchParams(fields).toString()
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': Buffer.byteLength(form),
  }
  return new Promise((resolve, reject) => {
    const call = request(`${server.url}${path}`, { method: 'POST', agent, headers }, (response) => {
      text(response).then(resolve, reject)
    })
    call.once('error', reject)
    call.end(form)
  })
}
