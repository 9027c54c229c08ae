import type { Knex } from 'knex'
import { addCallers, type CallerBounds, type CallerRow, needsTrim, trimCallers } from '../../../db/callers.js'
import { transaction } from '../../../db/transaction.js'
import type { Clock } from '../clock.js'
import { CallerCounts, type SeenCall } from './caller-counts.js'
import { describeError, type Log } from './log.js'
import type { Metrics } from './metrics.js'
import type { Sample } from './samples.js'

export type { SeenCall } from './caller-counts.js'

/** Who calls what, how and from where: counted in memory, and in the table of all nodes in batches. */
export interface Callers {
  /** Counts a call. */
  count(call: SeenCall): void
  /** Counts what was found in a call, such as `query-credentials`; returns whether it is new since the last batch. */
  countFinding(call: SeenCall, finding: string): boolean
  /** Writes what was counted since the last time. Throws what the database throws, and keeps what it did not take. */
  flush(): Promise<void>
  /** Writes the rest; no longer by itself. */
  close(): Promise<void>
}

interface Dependencies {
  readonly db: Knex
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Pick<Metrics, 'show'>
}

const flushMilliseconds = 10_000
/** What a process tells apart between two batches, and the table at all, of each application. */
const mostCounted: CallerBounds = { networks: 200, versions: 200 }
const mostKept: CallerBounds = { networks: 500, versions: 1000 }

export function createCallers({ db, clock, log, metrics }: Dependencies): Callers {
  const counts = new CallerCounts(mostCounted)
  const totals = new Totals()
  showTotals(metrics, (label) => totals.read(label, counts.list()))
  const write = async () => {
    const rows = counts.take()
    if (rows.length === 0) return
    try {
      await transaction({ db }, ({ db }) => addCallers(db, rows))
    } catch (error) {
      for (const row of rows) counts.add(row)
      throw error
    }
    totals.add(rows)
    for (const app of new Set(rows.map(({ app_name }) => app_name)))
      if (await needsTrim(db, app, mostKept))
        await transaction({ db }, ({ db }) => trimCallers(db, app, mostKept))
  }
  let writing = Promise.resolve()
  // One after the other: whoever flushes finds all written, be it by another.
  const flush = () => (writing = writing.catch(() => {}).then(write))
  const flushOrTell = () =>
    flush().catch((error: unknown) =>
      log.warn({ reason: String(describeError(error)['code']) }, 'callers could not be counted'),
    )
  const timer = setInterval(() => void flushOrTell(), flushMilliseconds).unref()
  return {
    count: (call) => void counts.count(call, clock.now()),
    countFinding: (call, finding) => counts.count(call, clock.now(), finding),
    flush,
    async close() {
      clearInterval(timer)
      await flushOrTell()
    },
  }
}

/** What this process has counted since its start, for /metrics: by names that no stranger can choose. */
class Totals {
  private readonly written = new Map<string, Total>()

  add(rows: readonly CallerRow[]): void {
    addRows(this.written, rows)
  }

  /** The samples that have a label, with what is not written yet. */
  read(label: Label, unwritten: readonly CallerRow[]): Sample[] {
    const totals = new Map([...this.written].map(([key, total]) => [key, { ...total }]))
    addRows(totals, unwritten)
    return [...totals.values()].filter(({ labels }) => label in labels)
  }
}

type Label = 'scheme' | 'finding'

interface Total extends Sample {
  value: number
}

function addRows(totals: Map<string, Total>, rows: readonly CallerRow[]): void {
  for (const { app_name: app, scheme, finding, calls } of rows) {
    const labels: Sample['labels'] = finding === '' ? { app, scheme } : { app, finding }
    const key = JSON.stringify(labels)
    const total = totals.get(key)
    if (total) total.value += calls
    else totals.set(key, { labels, value: calls })
  }
}

function showTotals(metrics: Pick<Metrics, 'show'>, read: (label: Label) => Sample[]): void {
  const calls = 'Calls that were let in, by application and how they were signed'
  metrics.show({ name: 'gateway_app_calls_total', help: calls, type: 'counter' }, () => read('scheme'))
  const findings =
    'What guards of an application refuse or would refuse, and deprecated parameters of its calls'
  metrics.show({ name: 'gateway_app_findings_total', help: findings, type: 'counter' }, () => read('finding'))
}
