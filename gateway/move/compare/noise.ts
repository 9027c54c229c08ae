import type { Difference } from './difference.js'

/** What differs between two answers of one server: times, random values, ids. */
export interface Noise {
  /** Notes a difference between the old server and itself. */
  learn(method: string, difference: Difference): void
  /** The differences that are more than what was learned. */
  without(method: string, differences: readonly Difference[]): Difference[]
  /** As it is kept in a file. */
  toJSON(): object
}

/** Noise as it was kept, or none. A place that is noisy in its value is not so in its type. */
export function createNoise(kept: unknown = {}): Noise {
  const known = new Set(linesOf(kept))
  const lineOf = (method: string, { kind, path }: Difference) => `${method} ${path} ${kind}`
  return {
    learn: (method, difference) => void known.add(lineOf(method, difference)),
    without: (method, differences) =>
      differences.filter((difference) => !known.has(lineOf(method, difference))),
    toJSON: () => ({ format: 'passport-gateway noise', version: 1, places: [...known].sort() }),
  }
}

function linesOf(kept: unknown): string[] {
  if (typeof kept !== 'object' || kept === null || !('places' in kept) || !Array.isArray(kept.places))
    return []
  return kept.places.filter((line): line is string => typeof line === 'string')
}
