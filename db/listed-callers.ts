import type { Knex } from 'knex'
import { type CallerRow, callerKeyColumns } from './callers.js'

/** Which callers are looked for; what is absent is any. */
export interface CallerFilter {
  readonly app?: string | undefined
  readonly method?: string | undefined
  readonly scheme?: string | undefined
  readonly network?: string | undefined
  readonly finding?: string | undefined
  /** Milliseconds: called at or after. */
  readonly since?: number | undefined
}

/** Those that call most first. */
export async function listCallers(
  db: Knex,
  { app, since, ...columns }: CallerFilter,
  most: number,
): Promise<CallerRow[]> {
  const wanted = Object.entries({ app_name: app, ...columns }).filter(([, value]) => value !== undefined)
  const found = db('caller_count').where(Object.fromEntries(wanted))
  if (since !== undefined) found.andWhere('last_seen_at', '>=', since)
  return found.orderBy([{ column: 'calls', order: 'desc' }, ...callerKeyColumns]).limit(most)
}

/** How often an application has called with one version of its client. */
export type AppVersion = Omit<CallerRow, 'method' | 'scheme' | 'network' | 'finding'>

/** Of an application or of all, those that were seen last first. */
export async function listAppVersions(db: Knex, app?: string): Promise<AppVersion[]> {
  const all = db('caller_count').where({ finding: '' })
  const rows = await (app === undefined ? all : all.andWhere({ app_name: app }))
    .groupBy('app_name', 'client_version')
    .select('app_name', 'client_version')
    .sum({ calls: 'calls' })
    .min({ first_seen_at: 'first_seen_at' })
    .max({ last_seen_at: 'last_seen_at' })
    .orderBy([{ column: 'last_seen_at', order: 'desc' }, 'app_name', 'client_version'])
  // MySQL answers sums as texts; the types take each for missing.
  return rows.map((row) => ({
    ...row,
    calls: Number(row.calls),
    first_seen_at: Number(row.first_seen_at),
    last_seen_at: Number(row.last_seen_at),
  }))
}

/** When each method was last called, and since when calls are counted (ms); undefined where none has been. */
export async function readLastCalls(
  db: Knex,
): Promise<{ readonly since: number | undefined; readonly lastOf: ReadonlyMap<string, number> }> {
  const rows: { method: string; first: number; last: number }[] = await db('caller_count')
    .where({ finding: '' })
    .groupBy('method')
    .select('method')
    .min({ first: 'first_seen_at' })
    .max({ last: 'last_seen_at' })
  const counted = rows.filter(({ method }) => method !== '')
  return {
    since: counted.length === 0 ? undefined : Math.min(...counted.map(({ first }) => first)),
    lastOf: new Map(counted.map(({ method, last }) => [method, last])),
  }
}
