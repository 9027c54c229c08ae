import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import type { Services } from '../../services/services.js'
import type { Noise } from '../compare/noise.js'
import type { Observe } from '../proxy/observer.js'
import { type RunningProxy, startProxy } from '../proxy/proxy.js'
import { type BackBounds, createAutomaticBack } from './automatic-back.js'
import { createBegunPairs } from './begun-pairs.js'
import { chooseBy } from './choose-side.js'
import { createComparedReads } from './compared-reads.js'
import { type FollowedRoutes, followRoutes } from './follow-routes.js'
import { readCommon, tiesOf } from './partners.js'
import { createSideTally } from './side-tally.js'

export interface SwitchingProxyOptions {
  readonly services: Pick<Services, 'db' | 'clock'>
  readonly host: string
  readonly port: number
  readonly old: URL
  readonly new: URL
  /** This proxy, among those that follow the same routes. */
  readonly node: string
  readonly bounds: BackBounds
  readonly compare: { readonly sample: number; readonly noise: Noise }
  readonly observe?: Observe
  readonly tellsAddress: boolean
  readonly warn: (text: string) => void
}

/** Starts a proxy before both servers that sends each call to the one or the other, by the routes of the database. */
export async function startSwitchingProxy(options: SwitchingProxyOptions): Promise<RunningProxy> {
  const { services, node, old, warn, compare, bounds } = options
  const now = () => services.clock.now()
  const tally = createSideTally(node, now)
  const followed: { routes?: FollowedRoutes } = {}
  const back = createAutomaticBack({ services, bounds, node, routes: () => followed.routes, warn })
  const reads = createComparedReads({
    ...compare,
    old,
    compared(method, differs) {
      tally.compare(method, differs)
      back.noteComparison(method, differs)
    },
  })
  const warnOnce = onceIn(10_000, warn)
  const pairs = createBegunPairs({
    db: services.db,
    now,
    failed: () => warnOnce('where codes were sent could not be noted for the other proxies'),
  })
  const routes = await followRoutes({ db: services.db, now, node, tally, warn, asked: () => back.check() })
  followed.routes = routes
  const Connections = options.new.protocol === 'https:' ? SecureAgent : Agent
  const agent = new Connections({ keepAlive: true, maxFreeSockets: 256 })
  const closeOthers = async () => {
    reads.close()
    agent.destroy()
    await routes.close()
  }
  const starting = startProxy({
    ...options,
    upstream: () => old,
    choose: chooseBy({
      old,
      new: options.new,
      agent,
      routes: () => routes.current(),
      pairs,
      now,
      failed: () => warnOnce('a call could not be looked into, and went to the old server'),
      ended({ method, call, head }, { side, isError, seconds, answer }) {
        tally.add({ method, side, isError, seconds })
        if (side === 'old') return
        back.noteCall(method, isError)
        const common = readCommon(routes.current().rows.find((row) => row.method === method)?.common ?? '')
        if (answer !== undefined && !isError && tiesOf(method, common).length === 0)
          reads.compare(method, call, { head, answer })
      },
    }),
  })
  const proxy = await starting.catch(async (error: unknown) => {
    await closeOthers()
    throw error
  })
  return {
    url: proxy.url,
    async close(patience) {
      await proxy.close(patience)
      await closeOthers()
    },
  }
}

function onceIn(milliseconds: number, tell: (text: string) => void): (text: string) => void {
  const last = new Map<string, number>()
  return (text) => {
    const now = performance.now()
    if (now - (last.get(text) ?? Number.NEGATIVE_INFINITY) < milliseconds) return
    last.set(text, now)
    tell(text)
  }
}
