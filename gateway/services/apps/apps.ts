import type { Knex } from 'knex'
import { type ClientAppRow, listClientApps } from '../../../db/client-apps.js'
import { keepReading } from '../kept-list.js'
import type { Log } from '../telemetry/log.js'
import type { Vault } from '../vault.js'
import { defined } from '../../wire/defined-fields.js'
import { AddressList } from './address-list.js'
import { type Guards, readGuards } from './guards.js'

/** A registered client application (passport.md §3). */
export interface ClientApp {
  readonly name: string
  readonly scheme: 'legacy' | 'hmac-sha256'
  /** `server`: a back end, trusted for any user. `public`: its key is known to all, so users must prove themselves. */
  readonly trust: 'server' | 'public'
  readonly enabled: boolean
  /** Newest first; the one before stays good until the next rotation. */
  readonly secrets: readonly string[]
  /** Patterns of method names: `web.passport.*`, `open.passport.get`, `*`. */
  readonly grants: readonly string[]
  /** Addresses and CIDR ranges it may call from; empty: any. */
  readonly addresses: readonly string[]
  /** How many digits the codes have that it has sent (account.md §7); absent: as many as all others'. */
  readonly codeLength?: number
  /** What is done with its calls whose legacy signature can be read as another call. */
  readonly recut: 'report' | 'refuse'
  /** What is done with its calls whose password stands in the query. */
  readonly queryCredentials: 'accept' | 'refuse'
  /** What it is refused for, or would be. */
  readonly guards: Guards
  isGranted(method: string): boolean
  isAllowedFrom(ip: string): boolean
}

/** The registry of applications, held in memory and refreshed from the database. */
export interface Apps {
  find(name: string): ClientApp | undefined
  list(): readonly ClientApp[]
  /** Whether no secret of any enabled application can be opened: then every signed call fails. */
  areAllSealed(): boolean
  /** Reads the registry now; otherwise a change shows within `refreshMilliseconds`. */
  refresh(): Promise<void>
  close(): void
}

/** Well inside the five seconds in which a change must reach every node. */
const refreshMilliseconds = 2000

export async function createApps({ db, vault, log }: { db: Knex; vault: Vault; log: Log }): Promise<Apps> {
  let apps = new Map<string, ClientApp>()
  let seen = ''
  let areAllSealed = false
  const refresh = async () => {
    const rows = await listClientApps(db)
    const fingerprint = JSON.stringify(rows)
    if (fingerprint === seen) return
    apps = new Map(rows.map((row) => [row.name, readApp(row, vault)]))
    seen = fingerprint
    const enabled = [...apps.values()].filter(({ enabled }) => enabled)
    const sealed = enabled.filter(({ secrets }) => secrets.length === 0).map(({ name }) => name)
    areAllSealed = sealed.length > 0 && sealed.length === enabled.length
    if (sealed.length > 0)
      log.error({ names: sealed }, 'secrets of applications are sealed under a DATA_KEY that is not given')
  }
  const failure = 'the registry of applications could not be refreshed'
  const { close } = await keepReading(refresh, { every: refreshMilliseconds, log, failure })
  return {
    find: (name) => apps.get(name),
    list: () => [...apps.values()],
    areAllSealed: () => areAllSealed,
    refresh,
    close,
  }
}

/** A stored application, its secrets opened. Secrets sealed under a lost key are left out. */
export function readApp(row: ClientAppRow, vault: Vault): ClientApp {
  const grants: string[] = JSON.parse(row.grants)
  const addresses: string[] = JSON.parse(row.addresses)
  const sealed: string[] = JSON.parse(row.secrets)
  const patterns = grants.map(compilePattern)
  const answers = new Map<string, boolean>()
  const allowed = addresses.length > 0 ? new AddressList(addresses) : undefined
  return {
    name: row.name,
    scheme: row.scheme,
    trust: row.trust,
    enabled: Boolean(row.enabled),
    grants,
    addresses,
    recut: row.recut ?? 'refuse',
    queryCredentials: row.query_credentials ?? 'accept',
    ...defined({ codeLength: row.code_length ?? undefined }),
    secrets: sealed.map((text) => vault.open('app-secret', text)).filter((text) => text !== undefined),
    guards: readGuards(row),
    isGranted(method) {
      const known = answers.get(method)
      if (known !== undefined) return known
      const granted = patterns.some((pattern) => pattern.test(method))
      answers.set(method, granted)
      return granted
    },
    isAllowedFrom: (ip) => allowed?.has(ip) ?? true,
  }
}

/** Why an application may not call a method from an address; undefined: it may. */
export function findRefusal(app: ClientApp, method: string, ip: string): string | undefined {
  if (!app.enabled) return 'the application is disabled'
  if (!app.isGranted(method)) return 'the method is not granted to the application'
  if (!app.isAllowedFrom(ip)) return 'the application may not call from this address'
  return undefined
}

/** A name or path in which `*` stands for any text. */
export function compilePattern(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${escaped}$`)
}
