import type { Registry } from 'prom-client'

/** How often something happened, by name. */
export type Counts = Readonly<Record<string, number>>

/**
 * What was counted, each by a name of its own: calls by method, errors by key, durations by the upper bound of the bucket in
 * seconds (each holds all of those before it), sign-ins by outcome, codes by the country they were texted to.
 */
export interface Figures {
  readonly calls: Counts
  readonly errors: Counts
  readonly durations: Counts
  readonly signIns: Counts
  readonly codesSent: Counts
  readonly codesUsed: Counts
}

type Family = keyof Figures

/** A value of a metric as prom-client hands it out. */
interface Sample {
  readonly metricName?: string
  readonly labels: Readonly<Partial<Record<string, string | number>>>
  readonly value: number
}

interface Source {
  readonly metric: string
  /** What a value is counted under; undefined for values that are no part of it. */
  readonly nameOf: (sample: Sample) => string | number | undefined
}

const codesOf = (outcome: string): Source => ({
  metric: 'gateway_sms_codes_total',
  nameOf: ({ labels }) => (labels['outcome'] === outcome ? labels['country'] : undefined),
})
const partOf = (suffix: string, label: string) => (sample: Sample) =>
  sample.metricName?.endsWith(suffix) === true ? sample.labels[label] : undefined

/** Where /metrics has each. */
const sources: Readonly<Record<Family, Source>> = {
  calls: { metric: 'gateway_call_seconds', nameOf: partOf('_count', 'method') },
  errors: { metric: 'gateway_errors_total', nameOf: ({ labels }) => labels['error'] },
  durations: { metric: 'gateway_call_seconds', nameOf: partOf('_bucket', 'le') },
  signIns: { metric: 'gateway_sign_ins_total', nameOf: ({ labels }) => labels['outcome'] },
  codesSent: codesOf('sent'),
  codesUsed: codesOf('used'),
}

const eachFamily = <Part>(make: (family: Family) => Part): Record<Family, Part> => ({
  calls: make('calls'),
  errors: make('errors'),
  durations: make('durations'),
  signIns: make('signIns'),
  codesSent: make('codesSent'),
  codesUsed: make('codesUsed'),
})

export const noFigures: Figures = eachFamily(() => ({}))

/** What a process has counted since its start, as /metrics shows it, without the console's own methods. */
export async function readFigures(registry: Registry): Promise<Figures> {
  const samples = new Map<string, readonly Sample[]>()
  for (const { metric } of Object.values(sources))
    samples.set(metric, (await registry.getSingleMetric(metric)?.get())?.values ?? [])
  return eachFamily((family) => {
    const { metric, nameOf } = sources[family]
    const counts: Record<string, number> = {}
    for (const sample of samples.get(metric) ?? [])
      if (!isOfConsole(sample)) add(counts, nameOf(sample), sample.value)
    return counts
  })
}

/** Looking is no news: the page asks again and again. */
function isOfConsole({ labels }: Sample): boolean {
  return String(labels['method']).startsWith('manage.console.')
}

/** What was counted between two readings. Of durations each bucket stays; else names under which nothing was are left out. */
export function differenceOf(later: Figures, earlier: Figures): Figures {
  return eachFamily((family) => {
    const values = Object.entries(later[family]).map(
      ([name, value]) => [name, value - (earlier[family][name] ?? 0)] as const,
    )
    return Object.fromEntries(values.filter(([, value]) => family === 'durations' || value !== 0))
  })
}

export function sumOf(all: Iterable<Figures>): Figures {
  const sum = eachFamily((): Record<string, number> => ({}))
  for (const figures of all)
    eachFamily((family) => {
      for (const [name, value] of Object.entries(figures[family])) add(sum[family], name, value)
    })
  return sum
}

function add(counts: Record<string, number>, name: string | number | undefined, value: number): void {
  if (name !== undefined) counts[name] = (counts[name] ?? 0) + value
}

export function totalOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, value) => sum + value, 0)
}

/**
 * The time, in milliseconds, within which a share of calls was answered, taken as spread evenly within its bucket; undefined
 * without calls. Slower ones than the last bound count as that.
 */
export function quantileOf(durations: Counts, share: number): number | undefined {
  const buckets = Object.entries(durations)
    .map(([bound, within]) => ({
      bound: bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound),
      within,
    }))
    .sort((one, other) => one.bound - other.bound)
  const wanted = share * (buckets.at(-1)?.within ?? 0)
  if (wanted === 0) return undefined
  let [from, before] = [0, 0]
  for (const { bound, within } of buckets) {
    if (within >= wanted) {
      const to = Number.isFinite(bound) ? bound : from
      return 1000 * (from + ((to - from) * (wanted - before)) / Math.max(1, within - before))
    }
    ;[from, before] = [bound, within]
  }
  return undefined
}
