import type { Agent } from 'node:http'
import { loadConfig } from '../../config/config.js'
import { compileTable } from '../../gateway/contract/compile-table.js'
import { methodTable } from '../../methods/table.js'
import type { Services } from '../../gateway/services/services.js'
import { startServices } from '../../gateway/start/services.js'
import { plansDuring, type QueryPlan } from '../../test/db/query-plans.js'
import { ask, type SeenAnswer } from '../answers.js'
import { type RunningContestant, startContestant } from '../contestant.js'
import { builtModule } from '../folders.js'
import { checkList, type ListCall, listCalls, managedFilters } from './calls.js'
import { fillLists, type Size } from './loader.js'
import { lockedEvery, makeOwner, type Owner } from './rows.js'

/** A signed-in user, with the answers given while nothing else was going on. */
export interface Visitor {
  readonly owner: Owner
  readonly token: string
}

/** A server on a database of lists, and who calls it. */
export interface ListSite {
  readonly size: Size
  readonly server: RunningContestant
  /** Some of all users, evenly from first to last in no order. */
  readonly visitors: readonly Visitor[]
  readonly heavyVisitors: readonly Visitor[]
  /** May do whatever administrators may. */
  readonly admin: Visitor
  /** How the calls' reads are run, by the call. */
  readonly plans: ReadonlyMap<string, readonly QueryPlan[]>
}

const sampledUsers = 1000

/** Fills a database and starts a server on it. */
export async function openSite(
  env: Record<string, string>,
  size: Size,
  say: (text: string) => void,
): Promise<ListSite> {
  await fillLists(env, size, say)
  const services = await startServices(loadConfig({ ...env, LOG_LEVEL: 'error' }))
  try {
    const { users, heavyUsers } = size
    const sample = Array.from({ length: Math.min(sampledUsers, users) }, (_, at) =>
      makeOwner((at * stride) % users, users),
    )
    const visitors = await signIn(
      services,
      sample.filter(({ userId }) => userId % lockedEvery !== 0),
    )
    const heavy = Array.from({ length: heavyUsers }, (_, at) => makeOwner(users + at, users))
    const heavyVisitors = await signIn(services, heavy)
    const [admin] = visitors
    if (!admin) throw new Error('nobody to be the administrator')
    await services
      .db('admin_user_admin')
      .insert({ user_id: admin.owner.userId, user_role_id: 1, user_admin_ctime: Date.now() })
    const plans = await readPlans(services, heavy[0] ?? admin.owner, users)
    const server = await startContestant({ name: 'ours', module: builtModule('gateway/main'), env })
    return { size, server, visitors, heavyVisitors, admin, plans }
  } finally {
    await services.close()
  }
}

/** From end to end of all users in steps that meet nobody twice. */
const stride = 7_919_173

function signIn({ db, sessions }: Services, owners: readonly Owner[]): Promise<Visitor[]> {
  return db.transaction(async (db) => {
    const visitors: Visitor[] = []
    for (const owner of owners) {
      const session = { userId: owner.userId, generation: 0, app: '', ip: '127.0.0.1' }
      visitors.push({ owner, token: await sessions.start(db, session) })
    }
    return visitors
  })
}

/** What the database makes of the reads of each call, for a user who has very much. */
async function readPlans(
  services: Services,
  owner: Owner,
  users: number,
): Promise<Map<string, readonly QueryPlan[]>> {
  const table = compileTable(methodTable)
  const plans = new Map<string, readonly QueryPlan[]>()
  const read = async (title: string, path: string, params: Readonly<Record<string, string>>) => {
    const method = table.byPath.get(path)
    if (!method) throw new Error(`${path} is no method`)
    const call = {
      params: method.contract.read(params),
      raw: params,
      session: { userId: owner.userId },
      ip: '127.0.0.1',
    }
    plans.set(title, await plansDuring(services.db, async () => method.handle(call, services)))
  }
  for (const { title, path, params } of listCalls) await read(title, path, params(owner, users))
  for (const [title, params] of Object.entries(managedFilters))
    await read(`users by ${title}`, '/manage/account/user/list', params)
  return plans
}

export function urlOf({ server, size }: ListSite, call: ListCall, { owner, token }: Visitor): string {
  const params = { ...call.params(owner, size.users), perm_key: token }
  return `${server.url}${call.path}?${new URLSearchParams(params).toString()}`
}

/** Asks once for each visitor: warms the server, checks what it answers, and tells what it must answer later. */
export async function learnLists(
  site: ListSite,
  call: ListCall,
  visitors: readonly Visitor[],
  agent: Agent,
): Promise<SeenAnswer[]> {
  const answers: SeenAnswer[] = []
  for (const visitor of visitors) {
    const answer = await ask(urlOf(site, call, visitor), agent)
    checkList(call, visitor.owner, answer)
    answers.push(answer)
  }
  return answers
}
