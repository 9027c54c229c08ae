import type { ClientAppRow } from '../../../db/client-apps.js'

/**
 * What an application can be refused for besides a wrong signature: what its key must not open as it is known to all
 * (`trust`), legacy calls that can be read as others (`recut`), passwords in the query (`query-credentials`), and the
 * legacy scheme itself (`scheme`).
 */
export const guardNames = ['trust', 'recut', 'query-credentials', 'scheme'] as const
export type GuardName = (typeof guardNames)[number]

/** What a guard does with calls that it finds: `off` looks for none, `report` counts and logs them. */
type GuardState = 'off' | 'report' | 'refuse'

/** Guards of an application that refuse nothing for a while, but count what they would refuse. */
export interface ReportOnly {
  readonly guards: readonly GuardName[]
  /** Milliseconds: what an application is set to counts again from then on. */
  readonly until: number
}

/** The guards of an application. */
export interface Guards {
  /** Undefined: none is in report-only, or was. */
  readonly reportOnly: ReportOnly | undefined
  /** @param now milliseconds */
  stateOf(guard: GuardName, now: number): GuardState
}

export function readGuards(
  row: Pick<ClientAppRow, 'scheme' | 'trust' | 'recut' | 'query_credentials' | 'report_only'>,
): Guards {
  const reportOnly = row.report_only === null ? undefined : (JSON.parse(row.report_only) as ReportOnly)
  const settled: Readonly<Record<GuardName, GuardState>> = {
    trust: row.trust === 'public' ? 'refuse' : 'off',
    recut: row.recut ?? 'refuse',
    'query-credentials': row.query_credentials === 'refuse' ? 'refuse' : 'off',
    scheme: row.scheme === 'legacy' ? 'off' : 'refuse',
  }
  return {
    reportOnly,
    stateOf(guard, now) {
      const isReporting =
        reportOnly !== undefined && now < reportOnly.until && reportOnly.guards.includes(guard)
      return isReporting ? 'report' : settled[guard]
    },
  }
}

/** Guards without a date, as an application has them that says nothing of any. */
export const usualGuards: Guards = readGuards({
  scheme: 'legacy',
  trust: 'server',
  recut: null,
  query_credentials: null,
  report_only: null,
})
