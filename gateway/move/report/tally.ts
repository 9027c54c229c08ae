import { type Difference, type DifferenceKind, differenceKinds } from '../compare/difference.js'
import { createLatencies, type Latencies, type Latency } from './latencies.js'

/** Milliseconds of the two sides. */
interface BothTimes {
  readonly recorded: number
  readonly came: number
}

/** Counts what a comparison finds. */
export interface Tally {
  /** A call that was answered; without differences it is equal. */
  compared(method: string, differences: readonly Difference[], times: BothTimes): void
  /** A call that got no answer. */
  failed(method: string, reason: string): void
  /** A call that could not be made. */
  leftOut(method: string, reason: string): void
  report(): ComparisonReport
}

export interface ComparisonReport {
  /** Calls that were made, of which some are equal, some differ and some got no answer. */
  readonly compared: number
  readonly equal: number
  readonly differing: number
  readonly failed: number
  readonly leftOut: number
  /** Equal calls in a hundred of those that were made; 0 where none was. */
  readonly score: number
  readonly methods: readonly MethodReport[]
}

export interface MethodReport {
  readonly method: string
  readonly compared: number
  readonly equal: number
  readonly differing: number
  readonly failed: number
  /** Calls of each reason that were not made, or got no answer. */
  readonly reasons: readonly { readonly reason: string; readonly calls: number }[]
  /** The most frequent first. */
  readonly kinds: readonly KindReport[]
  readonly recorded: Latency
  readonly came: Latency
}

export interface KindReport {
  readonly kind: DifferenceKind
  readonly meaning: string
  /** Calls that differ so. */
  readonly calls: number
  /** One of them, in the form of a record. */
  readonly example: Difference
}

interface Counts {
  equal: number
  differing: number
  failed: number
  readonly reasons: Map<string, number>
  leftOut: number
  readonly kinds: Map<DifferenceKind, { calls: number; example: Difference }>
  readonly recorded: Latencies
  readonly came: Latencies
}

/** Methods that are told apart, and reasons of one: callers can think of any number of names. */
const mostMethods = 1000
const mostReasons = 50

export function createTally(): Tally {
  const methods = new Map<string, Counts>()
  const countsOf = (name: string): Counts => {
    const method = methods.has(name) || methods.size < mostMethods ? name : '(others)'
    const known = methods.get(method)
    if (known !== undefined) return known
    const counts: Counts = {
      equal: 0,
      differing: 0,
      failed: 0,
      leftOut: 0,
      reasons: new Map(),
      kinds: new Map(),
      recorded: createLatencies(),
      came: createLatencies(),
    }
    methods.set(method, counts)
    return counts
  }
  return {
    compared(method, differences, times) {
      const counts = countsOf(method)
      if (differences.length === 0) counts.equal++
      else counts.differing++
      for (const kind of new Set(differences.map(({ kind }) => kind))) noteKind(counts, kind, differences)
      counts.recorded.add(times.recorded)
      counts.came.add(times.came)
    },
    failed(method, reason) {
      const counts = countsOf(method)
      counts.failed++
      noteReason(counts, `no answer: ${reason}`)
    },
    leftOut(method, reason) {
      const counts = countsOf(method)
      counts.leftOut++
      noteReason(counts, reason)
    },
    report: () => reportOf(methods),
  }
}

function noteReason({ reasons }: Counts, text: string): void {
  const reason = reasons.has(text) || reasons.size < mostReasons ? text : 'other reasons'
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
}

function noteKind({ kinds }: Counts, kind: DifferenceKind, differences: readonly Difference[]): void {
  const known = kinds.get(kind)
  const example = differences.find((difference) => difference.kind === kind)
  if (known !== undefined) known.calls++
  else if (example !== undefined) kinds.set(kind, { calls: 1, example })
}

function reportOf(methods: ReadonlyMap<string, Counts>): ComparisonReport {
  const all = [...methods.values()]
  const sum = (pick: (counts: Counts) => number) => all.reduce((total, counts) => total + pick(counts), 0)
  const [equal, differing, failed] = [sum((c) => c.equal), sum((c) => c.differing), sum((c) => c.failed)]
  const compared = equal + differing + failed
  return {
    compared,
    equal,
    differing,
    failed,
    leftOut: sum((c) => c.leftOut),
    // Rounded down, or one difference in a million would be none.
    score: compared === 0 ? 0 : Math.floor((equal * 100_000) / compared) / 1000,
    methods: [...methods]
      .map(([method, counts]) => methodReport(method, counts))
      .sort((one, other) => other.differing - one.differing || one.method.localeCompare(other.method)),
  }
}

function methodReport(method: string, counts: Counts): MethodReport {
  const { equal, differing, failed, reasons, kinds, recorded, came } = counts
  return {
    method,
    compared: equal + differing + failed,
    equal,
    differing,
    failed,
    reasons: [...reasons].map(([reason, calls]) => ({ reason, calls })),
    kinds: [...kinds]
      .map(([kind, { calls, example }]) => ({ kind, meaning: differenceKinds[kind], calls, example }))
      .sort((one, other) => other.calls - one.calls),
    recorded: recorded.figures(),
    came: came.figures(),
  }
}
