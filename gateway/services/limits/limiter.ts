/** How often a method may be called: `points` calls in `seconds`, counted per application, address or user. */
export interface CallLimit {
  readonly by: 'app' | 'ip' | 'user'
  readonly points: number
  readonly seconds: number
}

/** Call rates, counted in this process: guards against floods, not limits that must be exact over all nodes. */
export interface Limiter {
  /** Seconds until the caller may call again, or undefined when this call is within the limit. */
  exceeded(limit: CallLimit & { readonly name: string }, key: string): number | undefined
}

/** Callers of a method that are told apart; the oldest is forgotten for a newcomer, or strangers could fill the memory. */
const mostCallers = 50_000

interface Count {
  calls: number
  /** By `performance.now()`: no clock that is set takes part. */
  readonly endsAt: number
}

/** `ipScale` multiplies every limit per address (LIMIT_IP_SCALE). */
export function createLimiter(ipScale: number): Limiter {
  const methods = new Map<string, Map<string, Count>>()
  return {
    exceeded({ name, by, points, seconds }, key) {
      const most = by === 'ip' ? Math.max(1, Math.round(points * ipScale)) : points
      const counts = methods.get(name) ?? new Map<string, Count>()
      methods.set(name, counts)
      const now = performance.now()
      const count = currentCount(counts, key, { now, endsAt: now + seconds * 1000 })
      if (count.calls >= most) return Math.max(1, Math.ceil((count.endsAt - now) / 1000))
      count.calls++
      return undefined
    },
  }
}

/** All counts of a method last equally long, so that the first of the map is the first to end. */
function currentCount(
  counts: Map<string, Count>,
  key: string,
  { now, endsAt }: { readonly now: number; readonly endsAt: number },
): Count {
  for (const [other, { endsAt }] of counts) {
    if (endsAt > now && counts.size < mostCallers) break
    if (endsAt > now && counts.has(key)) break
    counts.delete(other)
  }
  const known = counts.get(key)
  if (known) return known
  const made = { calls: 0, endsAt }
  counts.set(key, made)
  return made
}
