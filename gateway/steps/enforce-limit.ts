import type { CompiledMethod } from '../contract/compile-table.js'
import { GatewayError } from '../outcome/errors.js'
import { limitKey } from '../services/limits/limit-key.js'
import type { Services } from '../services/services.js'
import type { Passage } from './passage.js'

/**
 * Holds the caller to a method's call rate. A public application is in the hands of all its users, so each of them has
 * a rate of its own, or their address has while they are not signed in. Throws TOO_MANY_REQUESTS.
 */
export function enforceLimit(passage: Passage, services: Services): void {
  const { limit } = passage.method
  if (limit) countCall(limit, passage, services)
}

function countCall(
  limit: NonNullable<CompiledMethod['limit']>,
  { incoming, app, session }: Passage,
  { limiter }: Services,
): void {
  const ip = limitKey(incoming.head.ip)
  const user = session?.userId.toString()
  const caller = app?.trust === 'public' ? `${app.name}:${user ?? ip}` : app?.name
  const keys = { app: caller, user, ip }
  const retryAfter = limiter.exceeded(limit, keys[limit.by] ?? keys.ip)
  if (retryAfter !== undefined) throw new GatewayError('TOO_MANY_REQUESTS', { retryAfter })
}
