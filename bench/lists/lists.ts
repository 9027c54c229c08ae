import { Agent } from 'node:http'
import { startMariadb } from '../../test/servers/mariadb.js'
import { ask } from '../answers.js'
import { type Figure, quantile, summarise } from '../figure.js'
import { isSuccess, type ListCall, listCalls, managedFilters } from './calls.js'
import type { Size } from './loader.js'
import { learnLists, type ListSite, openSite, urlOf, type Visitor } from './sites.js'
import { callAtPace } from '../paced-calls.js'
import { type Bench, quickPlan } from '../plan.js'
import { productionEnvironment } from '../seed.js'

const group = 'lists'
const usualPerSecond = 100
const heavyPerSecond = 40
const managedPerSecond = 10
const most = { atMost: 3 }

/** 10⁶ addresses and invoices, 2 × 10⁶ messages; and a hundredth of them. */
const sizes = { big: { users: 200_000, heavyUsers: 10 }, small: { users: 2000, heavyUsers: 1 } }
const quickSizes = { big: { users: 2000, heavyUsers: 1 }, small: { users: 200, heavyUsers: 1 } }

/** The lists of the front ends over many rows beside the same over few: what a user waits must not grow with others. */
export async function measureLists(bench: Bench): Promise<Figure[]> {
  const mariadb = await startMariadb()
  try {
    const onMariadb = async () => productionEnvironment(bench.folder, await mariadb.createDatabase())
    const onSqlite = (name: string) =>
      productionEnvironment(bench.folder, `sqlite:${bench.folder}/lists-${name}.db`)
    return [
      ...(await measureDatabase(bench, 'MariaDB', onMariadb)),
      ...(await measureDatabase(bench, 'SQLite', (name) => Promise.resolve(onSqlite(name)))),
    ]
  } finally {
    await mariadb.stop()
  }
}

interface Pair {
  readonly big: ListSite
  readonly small: ListSite
  readonly agent: Agent
}

async function measureDatabase(
  bench: Bench,
  database: string,
  environmentOf: (name: string) => Promise<Record<string, string>>,
): Promise<Figure[]> {
  const wanted = bench.plan === quickPlan ? quickSizes : sizes
  const open = async (name: string, size: Size) =>
    openSite(await environmentOf(name), size, (text) => bench.say(`${database}, ${name}: made ${text}`))
  const small = await open('small', wanted.small)
  const agent = new Agent({ keepAlive: true })
  try {
    const big = await open('big', wanted.big)
    try {
      return await measurePair(bench, database, { big, small, agent })
    } finally {
      await big.server.stop()
    }
  } finally {
    agent.destroy()
    await small.server.stop()
  }
}

async function measurePair(bench: Bench, database: string, pair: Pair): Promise<Figure[]> {
  const figures = [describePlans(database, pair.big)]
  const isOfMessages = ({ path }: ListCall) => path.includes('/userMessage/')
  const compared = [
    ...listCalls.map((call) => ({ call, whose: '', isHeavy: false })),
    ...listCalls.filter(isOfMessages).map((call) => ({ call, whose: ' of 20,000 messages', isHeavy: true })),
  ]
  for (const { call, whose, isHeavy } of compared) {
    bench.say(`${database}: ${call.title}${whose}`)
    const title = `${database}: p99 of ${call.title}${whose}, many rows × few`
    figures.push(await compare(bench, call, pair, { title, isHeavy }))
  }
  for (const [name, params] of Object.entries(managedFilters)) {
    bench.say(`${database}: users by ${name}`)
    figures.push(await measureManaged(bench, database, pair, { name, params }))
  }
  return figures
}

/** Reads that would grow with the tables. Administrators' lists are left out: counting all users reads them all. */
function describePlans(database: string, { plans }: ListSite): Figure {
  const front = listCalls.map(({ title }) => ({ title, reads: plans.get(title) ?? [] }))
  const problems = front.flatMap(({ title, reads }) =>
    reads.flatMap(({ problems }) => problems.map((problem) => `${title}: ${problem}`)),
  )
  const indexes = front.map(({ title, reads }) => {
    const names = reads.flatMap(({ indexes }) => indexes).filter((name) => name !== 'PRIMARY')
    return `${title}: ${[...new Set(names)].join(', ')}`
  })
  return {
    group,
    title: `${database}: full scans and sorts of many rows in the plans of the front lists`,
    unit: '',
    value: problems.length,
    goal: { atMost: 0 },
    detail: [...problems, ...indexes].join('; '),
  }
}

/** One call at a fixed rate on both databases by turns, each time for another user, so that both meet one machine. */
async function compare(
  { plan }: Bench,
  call: ListCall,
  { big, small, agent }: Pair,
  { title, isHeavy }: { title: string; isHeavy: boolean },
): Promise<Figure> {
  const learn = (site: ListSite) => learnSide(site, call, isHeavy ? site.heavyVisitors : site.visitors, agent)
  const sides = [await learn(big), await learn(small)] as const
  const perSecond = 2 * (isHeavy ? heavyPerSecond : usualPerSecond)
  const turns: Turn[] = []
  let next = 0
  const targetAt = (at: number) => {
    const side = sides[at % 2 === 0 ? 0 : 1]
    return side[Math.floor((next + at) / 2) % side.length]
  }
  for (let turn = 0; turn < plan.starts * plan.rounds; turn++) {
    const times = await callAtPace((at) => targetAt(at)?.url ?? '', agent, {
      perSecond,
      seconds: plan.seconds / 2,
      isRight: ({ body }, at) => body === targetAt(at)?.body,
    })
    next += times.length
    turns.push([times.filter((_, at) => at % 2 === 0), times.filter((_, at) => at % 2 === 1)])
  }
  return describeTurns(title, turns)
}

/** Milliseconds of the calls on the big database, and on the small one. */
type Turn = readonly [big: readonly number[], small: readonly number[]]

function describeTurns(title: string, turns: readonly Turn[]): Figure {
  const both = (share: number) =>
    ([0, 1] as const)
      .map((side) =>
        quantile(
          turns.flatMap((turn) => turn[side]),
          share,
        ).toFixed(2),
      )
      .join(' / ')
  return {
    group,
    title,
    unit: '×',
    ...summarise(turns.map(([big, small]) => quantile(big, 0.99) / quantile(small, 0.99))),
    goal: most,
    detail: `p50 ${both(0.5)}, p99 ${both(0.99)} ms; ${turns.flatMap(([big]) => big).length} calls each`,
  }
}

/** What is asked and must be answered, learned before any load. */
async function learnSide(site: ListSite, call: ListCall, visitors: readonly Visitor[], agent: Agent) {
  const learned = await learnLists(site, call, visitors, agent)
  return visitors.map((visitor, at) => ({ url: urlOf(site, call, visitor), body: learned[at]?.body }))
}

/** What an administrator waits for the users by a filter: counting them takes longer, the more they are. */
async function measureManaged(
  { plan }: Bench,
  database: string,
  { big: { admin, server, plans, size }, agent }: Pair,
  { name, params }: { name: string; params: Readonly<Record<string, string>> },
): Promise<Figure> {
  const query = new URLSearchParams({ ...params, perm_key: admin.token }).toString()
  const url = `${server.url}/manage/account/user/list?${query}`
  const { body } = await ask(url, agent)
  const { data } = JSON.parse(body)
  const seconds = plan.seconds * 2
  const times = await callAtPace(() => url, agent, {
    perSecond: managedPerSecond,
    seconds,
    isRight: isSuccess,
  })
  const problems = (plans.get(`users by ${name}`) ?? []).flatMap((plan) => plan.problems)
  return {
    group,
    title: `${database}: p99 of manage/account/user/list of ${size.users} users, filter ${name}`,
    unit: 'ms',
    value: quantile(times, 0.99),
    detail: [`p50 ${quantile(times, 0.5).toFixed(2)} ms`, `${data.records} found`, ...problems].join('; '),
  }
}
