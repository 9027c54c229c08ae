import type { CallerBounds, CallerRow } from '../../../db/callers.js'
import { networkKey } from '../limits/limit-key.js'

/** A call as it is counted. */
export interface SeenCall {
  /** `none` where nobody signed. */
  readonly app: string
  /** How it was signed. */
  readonly scheme: 'legacy' | 'hmac-sha256' | 'none'
  readonly method: string
  /** As the client says; absent: it says nothing. */
  readonly version: string | undefined
  readonly ip: string
}

/** Rows of one application, method, and scheme or finding: by version, then by the front of the address. */
type Rows = Map<string, Map<string, CallerRow>>

interface AppCounts {
  /** By scheme, or scheme and finding, then by method. */
  readonly kinds: Map<string, Map<string, Rows>>
  networks: number
  versions: number
}

const mostFronts = 5000
/** As wide as the column. */
const mostVersion = 32

/**
 * Counts calls in memory, by who calls and how. It is done for every call, so one that looks like another since the last
 * `take` costs some look-ups and makes nothing. Of each application only so many networks and versions are told apart.
 */
export class CallerCounts {
  private apps = new Map<string, AppCounts>()
  /** Of IPv6 addresses seen since then, as these take long to read. */
  private readonly fronts = new Map<string, string>()
  private readonly most: CallerBounds

  constructor(most: CallerBounds) {
    this.most = most
  }

  /** Counts a call, or what was found in one; returns whether a row was made for it. */
  count(call: SeenCall, now: number, finding = ''): boolean {
    const counts = this.apps.get(call.app)
    const known =
      counts &&
      findRow(counts, call, { kind: kindOf(call.scheme, finding), front: this.frontOf(call.ip) }, this.most)
    if (known) {
      known.calls++
      known.last_seen_at = now
      return false
    }
    const { app: app_name, method, scheme, version, ip } = call
    const seen = { calls: 1, first_seen_at: now, last_seen_at: now }
    const place = { client_version: versionOf(version), network: networkKey(ip) }
    return this.add({ app_name, method, scheme, finding, ...place, ...seen })
  }

  /** Adds what was counted before; returns whether it got a row of its own. */
  add(row: CallerRow): boolean {
    const counts = this.countsOf(row.app_name)
    const rows = rowsOf(counts, row)
    const client_version =
      counts.versions >= this.most.versions && !rows.has(row.client_version) ? '' : row.client_version
    const networks = rows.get(client_version) ?? new Map<string, CallerRow>()
    const isKnown = networks.has(frontOfNetwork(row.network))
    const network = counts.networks >= this.most.networks && !isKnown ? '' : row.network
    const front = frontOfNetwork(network)
    const known = networks.get(front)
    if (known) {
      known.calls += row.calls
      known.first_seen_at = Math.min(known.first_seen_at, row.first_seen_at)
      known.last_seen_at = Math.max(known.last_seen_at, row.last_seen_at)
      return false
    }
    if (!rows.has(client_version)) {
      rows.set(client_version, networks)
      if (client_version !== '') counts.versions++
    }
    if (network !== '') counts.networks++
    networks.set(front, { ...row, client_version, network })
    return true
  }

  /** All rows as they are now. */
  list(): CallerRow[] {
    const rows: CallerRow[] = []
    for (const { kinds } of this.apps.values())
      for (const methods of kinds.values())
        for (const versions of methods.values())
          for (const networks of versions.values()) rows.push(...networks.values())
    return rows
  }

  /** All rows, of which it knows nothing from then on. */
  take(): CallerRow[] {
    const rows = this.list()
    this.apps = new Map()
    this.fronts.clear()
    return rows
  }

  /** What tells an address's network from others: of an IPv4 address its first three numbers. */
  private frontOf(ip: string): string {
    if (!ip.includes(':')) return ip.slice(0, ip.lastIndexOf('.'))
    const known = this.fronts.get(ip)
    if (known !== undefined) return known
    const front = frontOfNetwork(networkKey(ip))
    if (this.fronts.size < mostFronts) this.fronts.set(ip, front)
    return front
  }

  private countsOf(app: string): AppCounts {
    const counts = this.apps.get(app) ?? { kinds: new Map(), networks: 0, versions: 0 }
    this.apps.set(app, counts)
    return counts
  }
}

/** Where a call is counted: its kind, and what tells its network from others. */
interface Place {
  readonly kind: string
  readonly front: string
}

/** The row that counts such calls already: their own, or the one of those that are too many. */
function findRow(
  { kinds, networks, versions }: AppCounts,
  { method, version = '' }: SeenCall,
  { kind, front }: Place,
  most: CallerBounds,
): CallerRow | undefined {
  const rows = kinds.get(kind)?.get(method)
  const own = rows?.get(version) ?? (versions >= most.versions ? rows?.get('') : undefined)
  return own?.get(front) ?? (networks >= most.networks ? own?.get('') : undefined)
}

function rowsOf({ kinds }: AppCounts, { scheme, finding, method }: CallerRow): Rows {
  const kind = kindOf(scheme, finding)
  const methods = kinds.get(kind) ?? new Map<string, Rows>()
  kinds.set(kind, methods)
  const rows = methods.get(method) ?? (new Map() as Rows)
  methods.set(method, rows)
  return rows
}

function kindOf(scheme: string, finding: string): string {
  return finding === '' ? scheme : `${scheme} ${finding}`
}

function frontOfNetwork(network: string): string {
  return network.endsWith('.0/24') ? network.slice(0, -'.0/24'.length) : network
}

/** Of what a stranger wrote only what a version is made of. */
function versionOf(text = ''): string {
  return text.replaceAll(/[^\w.:+-]/g, '').slice(0, mostVersion)
}
