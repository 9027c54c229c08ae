import { GatewayError } from './errors.js'
import type { Services } from './method.js'
import { limitKey } from './services/limit-key.js'

/** What every caller must pass before anything is read of his request. */
export type Guard = (ip: string) => Promise<void>

/** Requests an address may make in ten seconds, whatever they ask for: back ends of legacy sites share one. */
const flood = { name: 'flood', by: 'ip', points: 20_000, seconds: 10 } as const

/** Throws IP_BLOCKED for an address the operator has shut out, TOO_MANY_REQUESTS for a flood. */
export function createGuard({ ipBlocks, limiter }: Services): Guard {
  return async (ip) => {
    if (ipBlocks.isBlocked(ip)) throw new GatewayError('IP_BLOCKED')
    const retryAfter = await limiter.exceeded(flood, limitKey(ip))
    if (retryAfter !== undefined) throw new GatewayError('TOO_MANY_REQUESTS', { retryAfter })
  }
}
