/** How much is measured. */
export interface Plan {
  /** Fresh starts of both servers of a duel. */
  readonly starts: number
  /** Measured rounds after each start. */
  readonly rounds: number
  readonly warmSeconds: number
  readonly seconds: number
}

export const wholePlan: Plan = { starts: 3, rounds: 3, warmSeconds: 3, seconds: 4 }
export const quickPlan: Plan = { starts: 1, rounds: 1, warmSeconds: 2, seconds: 2 }

/** What every measure is given. */
export interface Bench {
  readonly plan: Plan
  /** A private folder for databases and request files. */
  readonly folder: string
  /** Tells the one who waits what is going on. */
  say(text: string): void
}
