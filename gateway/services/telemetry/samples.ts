import type { Metric, Registry } from 'prom-client'
import type { DurationTally } from '../../../db/duration-tally.js'

/** One line of what Prometheus is shown. */
export interface Sample {
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
  /** Where it is not the metric's own: of a histogram's parts. */
  readonly metricName?: string
}

/** A metric whose values are made when Prometheus asks. */
export interface ShownMetric {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  /** What is shown of several workers; absent: the sum. */
  readonly aggregator?: 'sum' | 'max'
}

/** Shows samples under the metric's name; there may be none. */
export function showSamples(
  registry: Registry,
  { aggregator = 'sum', ...metric }: ShownMetric,
  read: () => readonly Sample[] | Promise<readonly Sample[]>,
): void {
  const { name } = metric
  const shown = { name, get: async () => ({ ...metric, values: await read(), aggregator }) }
  // A registry asks no more of a metric than these two, though its type names the library's classes.
  registry.registerMetric(shown as unknown as Metric)
}

/** The samples of one histogram: each bucket holds all that are in the ones before. */
export function durationSamples(
  name: string,
  labels: Sample['labels'],
  { bounds, slots, count, seconds }: DurationTally,
): Sample[] {
  let within = 0
  const buckets = [...bounds, '+Inf'].map((le, slot) => {
    within += slots[slot] ?? 0
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: within }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: seconds },
    { metricName: `${name}_count`, labels, value: count },
  ]
}
