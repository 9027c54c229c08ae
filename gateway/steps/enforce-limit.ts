import type { CompiledMethod } from '../contract/compile-table.js'
import { GatewayError } from '../outcome/errors.js'
import type { Services } from '../services/services.js'
import type { ClientApp } from '../services/apps/apps.js'
import { limitKey } from '../services/limits/limit-key.js'
import type { SignedIn } from '../services/sign-in/sessions.js'

interface Caller {
  readonly app: ClientApp | undefined
  readonly session: SignedIn | undefined
  readonly ip: string
}

/** Holds the caller to a method's call rate. Throws TOO_MANY_REQUESTS. */
export async function enforceLimit(
  limit: NonNullable<CompiledMethod['limit']>,
  caller: Caller,
  { limiter }: Services,
): Promise<void> {
  const keys = { app: caller.app?.name, user: caller.session?.userId.toString(), ip: limitKey(caller.ip) }
  const retryAfter = await limiter.exceeded(limit, keys[limit.by] ?? keys.ip)
  if (retryAfter !== undefined) throw new GatewayError('TOO_MANY_REQUESTS', { retryAfter })
}
