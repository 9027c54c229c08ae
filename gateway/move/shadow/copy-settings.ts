import type { ComparisonReport } from '../report/tally.js'

/** What becomes of calls that may change something: they are made, or stop at the candidate before, or are left out. */
export type Writes = 'send' | 'check' | 'skip'

/** How calls are copied; it goes from one thread to another, so it holds plain values. */
export interface CopySettings {
  readonly candidateUrl: string
  readonly writes: Writes
  /** Patterns of methods; none for all. */
  readonly methods: readonly string[]
  /** Calls at once at the candidate. */
  readonly concurrency: number
  /** Milliseconds that the candidate's answer may take. */
  readonly patience: number
  /** Whether the candidate is known to send nothing and need not say so. */
  readonly sendsNothing: boolean
  /** Whether the candidate reads the old server's tokens, so that one it did not give may be sent as it is. */
  readonly sharesTokens: boolean
  /** OUTSIDE_TOKEN of the candidate. */
  readonly token: string | undefined
  readonly secrets: readonly (readonly [app: string, secret: string])[]
  /** Noise as it was kept. */
  readonly noise: unknown
  /** Whether every difference is learned as noise. */
  readonly learns: boolean
}

export interface CopyFigures {
  /** Why the candidate can't be asked now; undefined where it can. */
  readonly obstacle: string | undefined
  readonly waiting: number
  /** With what was learned. */
  readonly noise: object
  readonly report: ComparisonReport
}
