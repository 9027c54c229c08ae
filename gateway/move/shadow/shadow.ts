import { randomBytes } from 'node:crypto'
import type { Observe } from '../proxy/observer.js'
import type { ComparisonReport } from '../report/tally.js'
import { clientOf, isSampled, observeExchange } from '../traffic/observe-exchange.js'
import { startCopyThread } from './copy-thread.js'
import type { CopySettings } from './copy-settings.js'

export interface ShadowOptions extends CopySettings {
  /** The share of callers, 0 to 1, whose calls are copied: all of a caller's or none. */
  readonly sample: number
  /** Told in a few words what went wrong; never of a value of a call. */
  readonly warn: (text: string) => void
}

/** What a shadow has done so far. */
export interface ShadowReport extends ComparisonReport {
  /** When it began, as ISO 8601. */
  readonly since: string
  /** Calls that passed, of those that are looked at. */
  readonly seen: number
  /** Calls that were not looked at further, as more came than the process could copy. */
  readonly missed: number
  /** How often the part that copies had to be started anew; what it had found is lost then. */
  readonly restarts: number
  /** Why the candidate can't be asked now; null where it can. */
  readonly obstacle: string | null
  /** Calls that wait for the candidate. */
  readonly waiting: number
}

/** Makes the calls that pass at a candidate too. Nothing that happens to it is noticed by who calls. */
export interface Shadow {
  readonly observe: Observe
  report(): Promise<ShadowReport>
  /** What was learned as noise, as it is kept. */
  noise(): unknown
  /** Ends what was begun, for some seconds at most. */
  close(): Promise<ShadowReport>
}

const nothing: ComparisonReport = {
  compared: 0,
  equal: 0,
  differing: 0,
  failed: 0,
  leftOut: 0,
  score: 0,
  methods: [],
}

/** Resolves when the candidate was looked at, or some time later where nothing came of that. */
export async function startShadow({ sample, warn, ...settings }: ShadowOptions): Promise<Shadow> {
  const since = new Date().toISOString()
  const key = randomBytes(32)
  const counts = { seen: 0, missed: 0, restarts: 0 }
  const thread = startCopyThread(settings, (reason) => {
    counts.restarts++
    warn(`copying was begun anew, and calls pass on: ${reason}`)
  })
  await thread.ready()
  let noise = settings.noise
  const reportOf = (figures: Awaited<ReturnType<typeof thread.figures>>): ShadowReport => {
    noise = figures?.noise ?? noise
    const { report = nothing, obstacle = null, waiting = 0 } = figures ?? {}
    return { since, ...counts, obstacle, waiting, ...report }
  }
  return {
    observe(call) {
      const client = clientOf(call)
      if (!isSampled(key, client, sample)) return undefined
      return observeExchange(call, client, (exchange) => {
        counts.seen++
        if (!thread.give(exchange)) counts.missed++
      })
    },
    report: async () => reportOf(await thread.figures()),
    noise: () => noise,
    close: async () => reportOf(await thread.close(settings.patience + 5000)),
  }
}
