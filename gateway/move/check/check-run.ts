import type { AbsenceTest } from './absence.js'
import type { Asker } from './asker.js'
import type { Hiding } from './hiding.js'
import type { WireAnswer } from './wire-answer.js'
import type { WireCall } from './wire-call.js'
import type { CheckedRule, Outcome, WireCheck } from './wire-check.js'

/** Makes checks and keeps how they ended. */
export interface CheckRun {
  /** Makes one; the answer of its last call, undefined where none came. */
  check(check: WireCheck): Promise<WireAnswer | undefined>
  /** Makes all, as many at once as the server is asked by. */
  checkAll(checks: readonly WireCheck[]): Promise<void>
  /** A call that is no check: what goes before one, or cleans up after it. */
  ask(call: WireCall): Promise<WireAnswer>
  /** Notes that a method is not checked. */
  leaveOut(method: string, reason: string): void
  /** Notes what stays behind on the server. */
  leave(text: string): void
  readonly checked: readonly CheckedRule[]
  readonly leftOut: readonly { readonly method: string; readonly reason: string }[]
  readonly left: readonly string[]
  readonly hiding: Hiding
}

interface RunParts {
  readonly asker: Asker
  readonly isAbsent: AbsenceTest
  readonly hiding: Hiding
  readonly concurrency: number
  /** Methods whose checks count; what is of no method counts always. */
  readonly wants: (method: string) => boolean
  readonly progress?: (done: number) => void
}

export function createCheckRun({
  asker,
  isAbsent,
  hiding,
  concurrency,
  wants: counts,
  progress,
}: RunParts): CheckRun {
  const checked: CheckedRule[] = []
  const leftOut: { method: string; reason: string }[] = []
  const left: string[] = []
  const check = async ({ subject, title, rule, calls, wants }: WireCheck) => {
    let answer: WireAnswer | undefined
    let outcome: Outcome
    const last = calls.at(-1)
    try {
      for (const call of calls) answer = await asker.ask(call)
      outcome = judge(answer, wants, last?.path ?? '')
    } catch (error) {
      outcome = { kind: 'unanswered', reason: error instanceof Error ? error.message : String(error) }
    }
    if (subject.includes('.') && !counts(subject)) return answer
    checked.push({ subject, title, rule, sent: last === undefined ? '' : hiding.call(last), outcome })
    progress?.(checked.length)
    return answer
  }
  const judge = (came: WireAnswer | undefined, wants: WireCheck['wants'], path: string): Outcome => {
    const findings = came === undefined ? [] : wants(came)
    if (came === undefined || findings.length === 0) return { kind: 'passed' }
    if (isAbsent(path, came)) return { kind: 'absent' }
    const shown = findings.map((finding) => ({
      ...finding,
      recorded: hiding.value(finding.path, finding.recorded),
      came: hiding.value(finding.path, finding.came),
    }))
    return { kind: 'failed', findings: shown, came: hiding.answer(came) }
  }
  return {
    check,
    async checkAll(checks) {
      const waiting = checks.values()
      const worker = async () => {
        for (const next of waiting) await check(next)
      }
      await Promise.all(Array.from({ length: concurrency }, worker))
    },
    ask: (call) => asker.ask(call),
    leaveOut: (method, reason) => void leftOut.push({ method, reason }),
    leave: (text) => void left.push(hiding.text(text)),
    checked,
    leftOut,
    left,
    hiding,
  }
}
