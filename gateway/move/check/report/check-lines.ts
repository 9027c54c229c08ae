import { type CheckFailure, type CheckReport, groupedBy } from './check-report.js'

export const checkHead = ['method', 'checks', 'passed', 'score %'] as const

/** The methods as rows of cells, the worst first. */
export function checkRows({ methods }: CheckReport): string[][] {
  return methods.map(({ method, checks, passed, score }) => [
    method,
    String(checks),
    String(passed),
    String(score),
  ])
}

/** Failures that are told of one method on a terminal; the files of a report have all. */
const mostFailures = 5

/** Each failure in some lines: what was sent, which rule wanted what, what came. */
export function failureLines({ methods }: CheckReport): string[] {
  return methods.flatMap(({ method, failures }) => {
    const more = failures.length - mostFailures
    const told = failures.slice(0, mostFailures).flatMap((failure) => linesOf(method, failure))
    return more > 0 ? [...told, `${method}: ${more} more`] : told
  })
}

function linesOf(method: string, { check, rule, sent, findings, came }: CheckFailure): string[] {
  const told = findings.map(
    ({ kind, path, wanted, came: found }) => `  ${kind} at ${path}: wanted ${wanted}, came ${found}`,
  )
  return [
    `${method}: ${check}`,
    `  rule ${rule.page} ${rule.section}: ${rule.says}`,
    `  sent ${sent}`,
    ...told,
    `  came ${came}`,
  ]
}

/** Methods that the server lacks, those that could not be checked, and what stays behind; a line for each reason. */
export function remainderLines({ absent, notChecked, left }: CheckReport): string[] {
  const byReason = groupedBy(notChecked, ({ reason }) => reason)
  return [
    ...(absent.length > 0 ? [`the server does not have: ${absent.join(', ')}`] : []),
    ...[...byReason].map(
      ([reason, all]) =>
        `not checked, ${reason}: ${[...new Set(all.map(({ method }) => method))].join(', ')}`,
    ),
    ...left.map((text) => `left behind: ${text}`),
  ]
}

/** The line that says how it went. */
export function checkSummary({ checks, passed, score, methods, absent }: CheckReport): string {
  const missing = absent.length > 0 ? `, ${absent.length} absent` : ''
  return `${passed} of ${checks} checks passed (${score} %), of ${methods.length} methods and parts of the wire${missing}`
}
