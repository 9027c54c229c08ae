import type { ClientAppRow } from '../../../db/client-apps.js'
import type { ClientApp } from './apps.js'
import { type GuardName, guardNames, type ReportOnly } from './guards.js'
import { AppRegistryError } from './registry-error.js'

/** What changes of the guards of an application; what is absent stays. */
export interface ReportOnlyChange {
  readonly scheme?: ClientApp['scheme'] | undefined
  readonly trust?: ClientApp['trust'] | undefined
  readonly recut?: ClientApp['recut'] | undefined
  readonly queryCredentials?: ClientApp['queryCredentials'] | undefined
  /** In place of those before; without guards none reports. */
  readonly reportOnly?: ReportOnly | undefined
}

const dayMilliseconds = 86_400_000
/** Longer than that nobody remembers why. */
const mostDays = 90

/**
 * The column `report_only` after a change: a guard that is turned on refuses from then on. Throws AppRegistryError for one
 * that refuses already, and for a date that is past or further away than 90 days.
 */
export function changedReportOnly(row: ClientAppRow, change: ReportOnlyChange): string | null {
  const asked = change.reportOnly
  if (asked) checkAsked(asked, row, change)
  const before = row.report_only === null ? undefined : (JSON.parse(row.report_only) as ReportOnly)
  const { guards = [], until = 0 } = asked ?? before ?? {}
  const left = guards.filter((guard) => !isTurnedOn(guard, change))
  return left.length === 0 ? null : JSON.stringify({ guards: left, until })
}

function isTurnedOn(guard: GuardName, { scheme, trust, recut, queryCredentials }: ReportOnlyChange): boolean {
  const turned = {
    trust: trust === 'public',
    recut: recut === 'refuse',
    'query-credentials': queryCredentials === 'refuse',
    scheme: scheme === 'hmac-sha256',
  }
  return turned[guard]
}

function checkAsked({ guards, until }: ReportOnly, row: ClientAppRow, change: ReportOnlyChange): void {
  if (guards.length === 0) return
  const trust = change.trust ?? row.trust
  if (guards.includes('trust') && trust === 'public')
    throw new AppRegistryError(
      '--report-only: trust is public, so calls are refused already; set --trust server with it',
      '信任级别已是 public，调用已被拒绝；请同时改为 server',
    )
  const scheme = change.scheme ?? row.scheme
  if (guards.includes('scheme') && scheme !== 'legacy')
    throw new AppRegistryError(
      '--report-only: the scheme is hmac-sha256, so legacy calls are refused already; set --scheme legacy with it',
      '签名方式已是 hmac-sha256，旧签名已被拒绝；请同时改为 legacy',
    )
  const now = Date.now()
  if (!(until > now && until <= now + mostDays * dayMilliseconds))
    throw new AppRegistryError(
      `--until: a day from tomorrow on, at most ${mostDays} days from now`,
      `截止时间须在今后 ${mostDays} 天之内`,
    )
}

/** Names of guards, such as an operator writes. Throws AppRegistryError for one that there is not. */
export function readGuardNames(names: readonly string[]): GuardName[] {
  return names.map((text) => {
    const known = guardNames.find((name) => name === text)
    if (known !== undefined) return known
    throw new AppRegistryError(
      `--report-only: ${text} is no guard; there are ${guardNames.join(', ')}`,
      `没有名为 ${text} 的防护；可选 ${guardNames.join('、')}`,
    )
  })
}
