import type { SlowHash } from './slow-hash.js'

/**
 * Compares passwords with slow hashes so that the time tells nothing: every comparison does the most work that was
 * met in each family, whosever hash it is, and when there is none. What was met is forgotten with the process.
 */
export class EqualWork {
  private readonly most = new Map<string, SlowHash>()

  /** Whether the password belongs to the hash; false after the same time when there is no hash. */
  async verify(password: string, stored: SlowHash | undefined): Promise<boolean> {
    if (stored && stored.work > (this.most.get(stored.family)?.work ?? 0))
      this.most.set(stored.family, stored)
    let isRight = false
    for (const slowest of this.most.values()) {
      const { family, work } = slowest
      const own = stored?.family === family ? stored : undefined
      if (own) isRight = await own.verify(password)
      const rest = work - (own?.work ?? 0)
      if (rest > 0) await slowest.burn(rest)
    }
    return isRight
  }
}
