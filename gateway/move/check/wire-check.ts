import type { Difference } from '../compare/difference.js'
import type { Wants } from './wants.js'
import type { WireCall } from './wire-call.js'
import type { WireRule } from './rules.js'

/** One call whose outcome is known. */
export interface WireCheck {
  /** The method that it counts for, or a part of the wire that is of no method. */
  readonly subject: string
  /** What is done, as `without a signature`. */
  readonly title: string
  readonly rule: WireRule
  /** The calls that go before and the one that is looked at, which is the last. */
  readonly calls: readonly WireCall[]
  readonly wants: Wants
}

/** How a check ended. */
export type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly findings: readonly Difference[]; readonly came: string }
  | { readonly kind: 'unanswered'; readonly reason: string }
  /** The server says that it has no such method. */
  | { readonly kind: 'absent' }

/** A check with its outcome, as it may be shown. */
export interface CheckedRule {
  readonly subject: string
  readonly title: string
  readonly rule: WireRule
  /** The call without secrets. */
  readonly sent: string
  readonly outcome: Outcome
}
