import { type DifferenceKind, differenceKinds } from '../../compare/difference.js'
import type { WireRule } from '../rules.js'
import type { CheckRun } from '../check-run.js'
import type { CheckedRule } from '../wire-check.js'

/** How a server did. */
export interface CheckReport {
  readonly checks: number
  readonly passed: number
  /** Passed checks in a hundred; 0 where none was made. Methods that the server does not have count for nothing. */
  readonly score: number
  /** The worst first. */
  readonly methods: readonly CheckedMethod[]
  /** Methods that the server says it does not have. */
  readonly absent: readonly string[]
  /** What was not checked of a method, and why. */
  readonly notChecked: readonly { readonly method: string; readonly reason: string }[]
  /** What stays behind on the server. */
  readonly left: readonly string[]
}

/** A method, or a part of the wire that is of none. */
export interface CheckedMethod {
  readonly method: string
  readonly checks: number
  readonly passed: number
  readonly score: number
  readonly failures: readonly CheckFailure[]
}

export interface CheckFailure {
  readonly check: string
  readonly rule: WireRule
  readonly sent: string
  /** In what the answer differs from what the rule wants; empty where none came. */
  readonly findings: readonly CheckFinding[]
  /** The answer, or why there was none. */
  readonly came: string
}

interface CheckFinding {
  readonly kind: DifferenceKind
  readonly meaning: string
  readonly path: string
  readonly wanted: string
  readonly came: string
}

/** Counts what a run has checked. */
export function reportOf({
  checked,
  leftOut,
  left,
}: Pick<CheckRun, 'checked' | 'leftOut' | 'left'>): CheckReport {
  const bySubject = groupedBy(checked, ({ subject }) => subject)
  const isAbsent = (all: readonly CheckedRule[]) => all.every(({ outcome }) => outcome.kind === 'absent')
  const absent = [...bySubject].filter(([, all]) => isAbsent(all)).map(([subject]) => subject)
  const methods = [...bySubject]
    .filter(([, all]) => !isAbsent(all))
    .map(([subject, all]) => methodOf(subject, all))
  const [checks, passed] = [sum(methods, 'checks'), sum(methods, 'passed')]
  return {
    checks,
    passed,
    score: scoreOf(passed, checks),
    methods: methods.sort((one, other) => one.score - other.score || one.method.localeCompare(other.method)),
    absent: absent.sort(),
    notChecked: leftOut
      .filter(({ method }) => !absent.includes(method))
      .toSorted((one, other) => one.method.localeCompare(other.method)),
    left: [...new Set(left)],
  }
}

/** Items under what they have in common, in the order in which that first came. */
export function groupedBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return groups
}

function sum(methods: readonly CheckedMethod[], field: 'checks' | 'passed'): number {
  return methods.reduce((total, method) => total + method[field], 0)
}

/** In hundred, to two places, and 100 only where all have passed. */
function scoreOf(passed: number, checks: number): number {
  return checks === 0 ? 0 : Math.floor((passed / checks) * 10_000) / 100
}

function methodOf(method: string, all: readonly CheckedRule[]): CheckedMethod {
  const failures = all.flatMap(failureOf)
  const passed = all.length - failures.length
  return { method, checks: all.length, passed, score: scoreOf(passed, all.length), failures }
}

function failureOf({ title, rule, sent, outcome }: CheckedRule): CheckFailure[] {
  const failure = { check: title, rule, sent }
  if (outcome.kind === 'passed') return []
  if (outcome.kind === 'unanswered')
    return [{ ...failure, findings: [], came: `no answer: ${outcome.reason}` }]
  if (outcome.kind === 'absent')
    return [{ ...failure, findings: [], came: 'the server has no such method, or so it says' }]
  const findings = outcome.findings.map(({ kind, path, recorded, came }) => {
    return { kind, meaning: differenceKinds[kind], path, wanted: recorded, came }
  })
  return [{ ...failure, findings, came: outcome.came }]
}
