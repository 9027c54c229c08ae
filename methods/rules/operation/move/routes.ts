import { listMoveRoutes, type MoveRouteRow, saveMoveRoutes } from '../../../../db/move-routes.js'
import { transaction } from '../../../../db/transaction.js'
import type { Services } from '../../../../gateway/services/services.js'
import { audit } from '../../audit.js'
import type { Operator } from '../operator.js'

type RouteServices = Pick<Services, 'db' | 'clock'>

/** Milliseconds in which all proxies hear of a change before they follow it, so that no two of them disagree. */
const notice = 1000

/** Which calls are to go to the new server. */
export interface RouteChange {
  readonly methods: readonly string[]
  /** Of this application only; empty for all. */
  readonly app: string
  /** In ten thousandths. */
  readonly share: number
  readonly caller: 'ip' | 'uid'
  /** What both servers hold in common: a comma list of `database` and `sessions`. */
  readonly common: string
  readonly reason: string
}

/** Lets the new server answer a share of some methods' calls; returns from when on (ms). */
export async function switchRoutes(
  services: RouteServices,
  { methods, reason, ...route }: RouteChange,
  operator: Operator,
): Promise<number> {
  const now = services.clock.now()
  const times = { created_at: now, changed_at: now, effective_at: now + notice }
  await transaction(services, async (services) => {
    const rows = await listMoveRoutes(services.db)
    const shareOf = (method: string) => findRoute(rows, method, route.app)?.share ?? 0
    await saveMoveRoutes(
      services.db,
      methods.map((method) => ({ method, ...route, share_before: shareOf(method), ...times, reason })),
    )
    const whose = route.app === '' ? '' : ` of ${route.app}`
    await audit(services, operator, { detail: `${route.share / 100} %${whose}: ${methods.join(', ')}` })
  })
  return now + notice
}

/** What is to go back to the old server, and why. */
export interface RouteReturn {
  readonly methods: readonly string[]
  /** Calls of this application only; empty for all calls, whatever was said of single applications. */
  readonly app: string
  readonly reason: string
}

/**
 * Lets the old server answer methods again, from the moment on at which a proxy hears of it. Returns those that had
 * moved. Several proxies may do this at once.
 */
export async function returnRoutes(
  services: RouteServices,
  { methods, app, reason }: RouteReturn,
  operator: Operator,
): Promise<string[]> {
  const now = services.clock.now()
  return transaction(services, async (services) => {
    const rows = (await listMoveRoutes(services.db)).filter(({ method }) => methods.includes(method))
    const moved = app === '' ? rows.filter(({ share }) => share > 0) : returnedOf(rows, app)
    const changed = moved.map((row) => ({
      ...row,
      share: 0,
      share_before: 0,
      changed_at: now,
      effective_at: now,
      reason,
    }))
    await saveMoveRoutes(services.db, changed)
    const names = [...new Set(changed.map(({ method }) => method))]
    if (names.length > 0) await audit(services, operator, { detail: `${reason}: ${names.join(', ')}` })
    return names
  })
}

/** The routes of one application that lead to the new server, its own or those of all. */
function returnedOf(rows: readonly MoveRouteRow[], app: string): MoveRouteRow[] {
  return [...new Set(rows.map(({ method }) => method))].flatMap((method) => {
    const route = findRoute(rows, method, app)
    return route === undefined || route.share === 0 ? [] : [{ ...route, app }]
  })
}

/** The route that counts for an application's calls: its own, or that of all. */
function findRoute(rows: readonly MoveRouteRow[], method: string, app: string): MoveRouteRow | undefined {
  const find = (wanted: string) => rows.find((row) => row.method === method && row.app === wanted)
  return find(app) ?? find('')
}
