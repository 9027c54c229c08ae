import type { CheckRun } from '../check-run.js'
import type { WireRule } from '../rules.js'
import type { KnownUser } from '../throwaway-user.js'
import type { WireAnswer } from '../wire-answer.js'
import type { Signer, WireCall } from '../wire-call.js'
import type { Wants } from '../wants.js'

/** Where checks that write take place: one throw-away user. */
export interface Stage {
  readonly run: CheckRun
  readonly signer: Signer
  readonly user: KnownUser
  /** Which methods are checked: others are not called where they would write. */
  readonly wants: (method: string) => boolean
  /** The zone in which dates are to be written. */
  readonly timeZone: string
}

interface Step {
  readonly method: string
  readonly title: string
  readonly rule: WireRule
  readonly call: WireCall
  readonly wants: Wants
}

/** Makes one step and answers what came. */
export function step(
  { run }: Pick<Stage, 'run'>,
  { method, call, ...rest }: Step,
): Promise<WireAnswer | undefined> {
  return run.check({ ...rest, subject: method, calls: [call] })
}
