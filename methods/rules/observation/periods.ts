import {
  type Counts,
  type Figures,
  quantileOf,
  sumOf,
  totalOf,
} from '../../../gateway/services/telemetry/figures.js'

/** What happened within a span of time, on all nodes. */
interface Span {
  readonly calls: number
  readonly errors: number
  /** Milliseconds; null without calls. */
  readonly p50: number | null
  readonly p99: number | null
  readonly sign_ins: number
  readonly sign_ins_refused: number
  readonly codes_sent: number
  readonly codes_used: number
}

interface NamedCount {
  readonly name: string
  readonly count: number
}

/** What happened in an hour or a day. */
export interface Period extends Span {
  readonly calls_by_method: NamedCount[]
  readonly errors_by_name: NamedCount[]
  readonly codes_by_country: { country: string; sent: number; used: number }[]
  /** In the order of time, without gaps. */
  readonly steps: (Span & { at: number })[]
}

/** Milliseconds. */
export const minute = 60_000

/** In what steps a period is shown (ms). */
export const periods = {
  hour: { step: minute, steps: 60 },
  day: { step: 15 * minute, steps: 96 },
} as const

const mostNamed = 20

/** What happened in the period that ends now. */
export function describePeriod(
  minutes: ReadonlyMap<number, Figures>,
  now: number,
  { step, steps }: { readonly step: number; readonly steps: number },
): Period {
  const last = Math.floor(now / step) * step
  const starts = Array.from({ length: steps }, (_, at) => last - (steps - 1 - at) * step)
  const sums = starts.map((start) => ({ start, figures: sumOf(within(minutes, start, step)) }))
  const whole = sumOf(sums.map(({ figures }) => figures))
  const countries = Object.keys({ ...whole.codesSent, ...whole.codesUsed })
  return {
    ...describeSpan(whole),
    calls_by_method: mostOf(whole.calls),
    errors_by_name: mostOf(whole.errors),
    codes_by_country: countries
      .map((country) => ({
        country,
        sent: whole.codesSent[country] ?? 0,
        used: whole.codesUsed[country] ?? 0,
      }))
      .sort((one, other) => other.sent - one.sent)
      .slice(0, mostNamed),
    steps: sums.map(({ start, figures }) => ({ at: start, ...describeSpan(figures) })),
  }
}

function* within(minutes: ReadonlyMap<number, Figures>, start: number, step: number): Generator<Figures> {
  for (let at = start; at < start + step; at += minute) {
    const figures = minutes.get(at)
    if (figures) yield figures
  }
}

function describeSpan(figures: Figures): Span {
  return {
    calls: totalOf(figures.calls),
    errors: totalOf(figures.errors),
    p50: rounded(quantileOf(figures.durations, 0.5)),
    p99: rounded(quantileOf(figures.durations, 0.99)),
    sign_ins: figures.signIns['good'] ?? 0,
    sign_ins_refused: figures.signIns['refused'] ?? 0,
    codes_sent: totalOf(figures.codesSent),
    codes_used: totalOf(figures.codesUsed),
  }
}

function rounded(milliseconds: number | undefined): number | null {
  return milliseconds === undefined ? null : Math.round(milliseconds * 100) / 100
}

function mostOf(counts: Counts): NamedCount[] {
  return Object.entries(counts)
    .map(([name, count]) => ({ name, count }))
    .sort((one, other) => other.count - one.count)
    .slice(0, mostNamed)
}
