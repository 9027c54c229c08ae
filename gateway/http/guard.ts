import { GatewayError } from '../outcome/errors.js'
import type { Services } from '../services/services.js'
import { limitKey } from '../services/limits/limit-key.js'

/** The guard that every caller must pass before anything of the request is read. */
export type Guard = (ip: string) => void

/** Throws IP_BLOCKED for an address the operator has shut out, TOO_MANY_REQUESTS for a flood. */
export function createGuard({ ipBlocks, flood }: Services): Guard {
  return (ip) => {
    if (ipBlocks.isBlocked(ip)) throw new GatewayError('IP_BLOCKED')
    const retryAfter = flood.exceeded(limitKey(ip))
    if (retryAfter !== undefined) throw new GatewayError('TOO_MANY_REQUESTS', { retryAfter })
  }
}
