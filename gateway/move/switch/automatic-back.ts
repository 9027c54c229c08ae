import { returnRoutes } from '../../../methods/rules/operation/move/routes.js'
import type { Services } from '../../services/services.js'
import type { FollowedRoutes } from './follow-routes.js'
import { readCommon, withPartners } from './partners.js'
import { createRateWindow, type Rate, type RateWindow } from './rate-window.js'

/** What sends methods back to the old server. */
export interface BackBounds {
  /** Shares from 0 to 1; undefined: never. */
  readonly errors: number | undefined
  readonly differences: number | undefined
  /** Calls, or compared answers, without which nothing is said. */
  readonly least: number
}

interface BackOptions {
  readonly services: Pick<Services, 'db' | 'clock'>
  readonly bounds: BackBounds
  /** This proxy, for the reason that is stored. */
  readonly node: string
  readonly routes: () => FollowedRoutes | undefined
  readonly warn: (text: string) => void
}

/** Watches how the new server does, and lets the old one answer again what it does badly. */
export interface AutomaticBack {
  noteCall(method: string, isError: boolean): void
  noteComparison(method: string, differs: boolean): void
  /** Looks at all rates, and stores what this proxy has decided. Never rejects. */
  check(): Promise<void>
}

const kinds = ['errors', 'differences'] as const
type Kind = (typeof kinds)[number]

export function createAutomaticBack(options: BackOptions): AutomaticBack {
  const { services, bounds, warn } = options
  const windows = { errors: new Map<string, RateWindow>(), differences: new Map<string, RateWindow>() }
  /** Decisions that the database does not hold yet, by their reasons. */
  const decided = new Map<string, readonly string[]>()
  const changes = new Map<string, number>()
  /** What was seen before a route was changed, here or by another proxy, says nothing of how it does since. */
  const forgetBeforeChanges = () => {
    for (const { method, changed_at } of options.routes()?.current().rows ?? []) {
      if (changed_at <= (changes.get(method) ?? 0)) continue
      changes.set(method, changed_at)
      for (const kind of kinds) windows[kind].delete(method)
    }
  }
  const note = (kind: Kind, method: string, isBad: boolean) => {
    if (bounds[kind] === undefined) return
    const window = windows[kind].get(method) ?? createRateWindow(bounds.least)
    windows[kind].set(method, window)
    window.add(isBad, services.clock.now())
  }
  const decide = (kind: Kind) => {
    for (const [method, window] of windows[kind]) {
      const rate = window.rate(services.clock.now())
      const bound = bounds[kind]
      if (rate === undefined || bound === undefined || rate.bad / rate.calls <= bound) continue
      const methods = movedWith(method, options)
      // What has happened so far says nothing of the next time.
      for (const one of [method, ...methods]) for (const each of kinds) windows[each].delete(one)
      if (methods.length === 0) continue
      const reason = `${method}: ${describe(kind, rate, bound)}, seen by ${options.node}`
      options.routes()?.leave(methods)
      decided.set(reason, methods)
      warn(`back to the old server: ${reason}; ${methods.join(', ')}`)
    }
  }
  return {
    noteCall: (method, isError) => note('errors', method, isError),
    noteComparison: (method, differs) => note('differences', method, differs),
    async check() {
      forgetBeforeChanges()
      for (const kind of kinds) decide(kind)
      for (const [reason, methods] of decided) {
        try {
          await returnRoutes(services, { methods, app: '', reason }, proxyOperator)
          decided.delete(reason)
        } catch {
          // This proxy does by itself what it has decided; the next turn tells the others.
          return
        }
      }
    },
  }
}

const proxyOperator = { action: 'cli move proxy', actor: 'cli', session: undefined, ip: '' } as const

/** The methods that have moved and are tied to this one, and itself. */
function movedWith(method: string, { routes }: BackOptions): string[] {
  const rows = routes()?.current().rows ?? []
  const common = readCommon(rows.find((row) => row.method === method)?.common ?? '')
  const moved = new Set(rows.filter(({ share }) => share > 0).map((row) => row.method))
  return moved.has(method) ? withPartners([method], common).filter((one) => moved.has(one)) : []
}

function describe(kind: Kind, { calls, bad }: Rate, bound: number): string {
  const percent = (share: number) => `${Math.round(share * 1000) / 10} %`
  const what = kind === 'errors' ? 'calls failed' : 'answers differed'
  return `${bad} of ${calls} ${what}, ${percent(bad / calls)} where ${percent(bound)} is the bound`
}
