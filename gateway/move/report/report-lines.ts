import type { ComparisonReport, MethodReport } from './tally.js'

/** A report for a terminal, a table of methods as rows of cells. */
export function reportRows({ methods }: ComparisonReport): string[][] {
  return methods.map(({ method, compared, equal, differing, failed, recorded, came }) => [
    method,
    String(compared),
    String(equal),
    String(differing),
    String(failed),
    `${recorded.p50} / ${recorded.p99}`,
    `${came.p50} / ${came.p99}`,
  ])
}

export const reportHead = [
  'method',
  'calls',
  'equal',
  'differ',
  'no answer',
  'recorded p50 / p99 ms',
  'now p50 / p99 ms',
] as const

/** What differs and what was left out, a line each. */
export function findingLines({ methods }: ComparisonReport): string[] {
  return methods.flatMap((report) => [...kindLines(report), ...reasonLines(report)])
}

function kindLines({ method, kinds }: MethodReport): string[] {
  return kinds.map(
    ({ kind, calls, example }) =>
      `${method}: ${kind} in ${calls}, as at ${example.path}: ${example.recorded} → ${example.came}`,
  )
}

function reasonLines({ method, reasons }: MethodReport): string[] {
  return reasons.map(({ reason, calls }) => `${method}: ${calls} not compared: ${reason}`)
}

/** The line that says how it went. */
export function summaryLine({
  compared,
  equal,
  differing,
  failed,
  leftOut,
  score,
}: ComparisonReport): string {
  const others = `${differing} differ, ${failed} without an answer, ${leftOut} not made`
  return `${compared} calls compared: ${equal} equal (${score} %), ${others}`
}
