import type { Metric, Registry } from 'prom-client'

/** Upper bounds of the histogram's buckets, in seconds. */
const bounds = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 1, 5]

/** What is counted of one method. */
class MethodTally {
  readonly answers = new Map<number, number>()
  /** How many calls ended within each bound but not within the one before; the last slot is for slower ones. */
  readonly durations = new Uint32Array(bounds.length + 1)
  calls = 0
  seconds = 0

  count(code: number, seconds: number): void {
    this.answers.set(code, (this.answers.get(code) ?? 0) + 1)
    let slot = 0
    while (slot < bounds.length && seconds > (bounds[slot] ?? 0)) slot++
    this.durations[slot] = (this.durations[slot] ?? 0) + 1
    this.calls++
    this.seconds += seconds
  }
}

/** Answered calls: a counter by method and code, a histogram of their durations by method. */
export interface CallMetrics {
  count(method: string, code: number, seconds: number): void
}

interface Sample {
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
  readonly metricName?: string
}

/**
 * Counts by itself and shows prom-client the sums when Prometheus asks: its own counters sort and join the labels at
 * each call, which costs more than most calls do.
 */
export function registerCallMetrics(registry: Registry): CallMetrics {
  const tallies = new Map<string, MethodTally>()
  const each = <T>(list: (method: string, tally: MethodTally) => T[]) =>
    [...tallies].flatMap(([method, tally]) => list(method, tally))
  const register = (name: string, help: string, type: 'counter' | 'histogram', read: () => Sample[]) => {
    const metric = { name, get: async () => ({ name, help, type, values: read(), aggregator: 'sum' }) }
    // A registry asks no more of a metric than these two, though its type names the library's classes.
    registry.registerMetric(metric as unknown as Metric)
  }
  register('gateway_calls_total', 'Answered calls by method and code', 'counter', () =>
    each((method, { answers }) => [...answers].map(([code, value]) => ({ labels: { method, code }, value }))),
  )
  const seconds = 'gateway_call_seconds'
  register(seconds, 'Time from the parsed request to the answer', 'histogram', () =>
    each((method, tally) => describeDurations(seconds, method, tally)),
  )
  return {
    count(method, code, seconds) {
      let tally = tallies.get(method)
      if (!tally) tallies.set(method, (tally = new MethodTally()))
      tally.count(code, seconds)
    },
  }
}

/** The samples of one histogram: each bucket holds all that are in the ones before. */
function describeDurations(name: string, method: string, tally: MethodTally): Sample[] {
  let within = 0
  const buckets = [...bounds, '+Inf'].map((le, slot) => {
    within += tally.durations[slot] ?? 0
    return { metricName: `${name}_bucket`, labels: { le, method }, value: within }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels: { method }, value: tally.seconds },
    { metricName: `${name}_count`, labels: { method }, value: tally.calls },
  ]
}
