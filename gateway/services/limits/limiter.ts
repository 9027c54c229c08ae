import { RateLimiterMemory } from 'rate-limiter-flexible'

/** How often a method may be called: `points` calls in `seconds`, counted per application, address or user. */
export interface CallLimit {
  readonly by: 'app' | 'ip' | 'user'
  readonly points: number
  readonly seconds: number
}

/** Call rates, counted in this process: guards against floods, not limits that must be exact over all nodes. */
export interface Limiter {
  /** Seconds until the caller may call again, or undefined when this call is within the limit. */
  exceeded(limit: CallLimit & { readonly name: string }, key: string): Promise<number | undefined>
}

/** `ipScale` multiplies every limit per address (LIMIT_IP_SCALE). */
export function createLimiter(ipScale: number): Limiter {
  const limiters = new Map<string, RateLimiterMemory>()
  const limiterFor = ({ name, by, points, seconds }: CallLimit & { name: string }) => {
    const known = limiters.get(name)
    if (known) return known
    const scaled = by === 'ip' ? Math.max(1, Math.round(points * ipScale)) : points
    const made = new RateLimiterMemory({ keyPrefix: name, points: scaled, duration: seconds })
    limiters.set(name, made)
    return made
  }
  return {
    exceeded: (limit, key) => limiterFor(limit).consume(key).then(isWithin, secondsToWait),
  }
}

const isWithin = () => undefined

/** The library rejects with its state when the limit is reached, and with an Error when it is broken. */
function secondsToWait(refusal: unknown): number {
  if (refusal instanceof Error) throw refusal
  const { msBeforeNext } = refusal as { msBeforeNext: number }
  return Math.max(1, Math.ceil(msBeforeNext / 1000))
}
