import { type Clock, isWithinReach } from './clock.js'

/** Failures in a row after which something is left alone, and for how many milliseconds. */
const failuresInARow = 3
const restMilliseconds = 30_000

/** What came of one try. */
interface Attempt {
  succeed(): void
  fail(): void
  /** The try has not shown whether it works: the next one is to find out. */
  learnNothing(): void
}

/**
 * Lets a server that fails be. After three failures in a row it rests for 30 s; after that one try shows whether it
 * works again, while all others keep away.
 */
export interface Breaker {
  /** Milliseconds since 1970; 0 for a server that works. */
  readonly restsUntil: number
  isResting(): boolean
  /** Call it for every try, also for one that is made in spite of the rest. */
  begin(): Attempt
}

/** `onRest` is told once when a rest begins, however often it is prolonged, after how many failures. */
export function createBreaker(clock: Clock, onRest: (failures: number) => void): Breaker {
  let failures = 0
  let restsUntil = 0
  const fail = (): void => {
    failures += 1
    if (failures < failuresInARow) return
    restsUntil = clock.now() + restMilliseconds
    if (failures === failuresInARow) onRest(failures)
  }
  return {
    get restsUntil() {
      return restsUntil
    },
    isResting() {
      const now = clock.now()
      return restsUntil > now && isWithinReach(restsUntil, now, restMilliseconds)
    },
    begin() {
      const before = restsUntil
      // The next callers keep away until this try has shown whether it works again.
      if (before > 0) restsUntil = clock.now() + restMilliseconds
      return {
        fail,
        succeed() {
          failures = 0
          restsUntil = 0
        },
        learnNothing() {
          if (before > 0) restsUntil = before
        },
      }
    },
  }
}
