import { BoundedMap } from '../../../db/bounded-map.js'
import type { Clock } from '../clock.js'

/**
 * Limits that this node saw used up, and until when. A hint, no decision: the database's rows decide, and other nodes use
 * and give back what they please. Who finds a name here reads the rows before locking them, so that whoever is refused
 * again and again keeps nobody waiting; all others save the statement.
 */
export interface FullLimits {
  /** @param resetsAt when its window ends, milliseconds since 1970 */
  note(name: string, resetsAt: number): void
  /** It has something left again. */
  forget(name: string): void
  hasAny(names: readonly string[]): boolean
}

/** `most`: how many limits are kept; the oldest go first. */
export function createFullLimits(most: number, clock: Clock): FullLimits {
  const ends = new BoundedMap<string, number>(most)
  return {
    note: (name, resetsAt) => void ends.set(name, resetsAt),
    forget: (name) => void ends.delete(name),
    hasAny: (names) => names.some((name) => (ends.get(name) ?? 0) > clock.now()),
  }
}
