/** The time, so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** Milliseconds by which the clocks of two nodes may differ. */
export const clockTolerance = 60_000

/**
 * Whether a stored moment may lie where it does. One that is further ahead than its own rule ever puts it was stored
 * while a clock was wrong, or by a rule that is no longer: it counts for nothing, or a clock that jumped ahead and back
 * would block somebody until then.
 *
 * @param most milliseconds by which the rule puts it ahead
 */
export function isWithinReach(moment: number, now: number, most: number): boolean {
  return moment <= now + most + clockTolerance
}
