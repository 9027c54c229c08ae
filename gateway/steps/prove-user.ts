import type { CompiledMethod } from '../contract/compile-table.js'
import { GatewayError } from '../outcome/errors.js'
import type { Incoming } from '../dialects/dialect.js'
import type { Services } from '../services/services.js'
import type { ClientApp } from '../services/apps/apps.js'
import { type SignedIn, verifyOrNobody } from '../services/sign-in/sessions.js'

/**
 * The session of the user `uid` that a public application calls for: its key is known to all, so it proves the
 * application, but no user (passport.md §3). Undefined for calls of other applications and without `uid`. Throws
 * LOGIN_REQUIRED.
 */
export function proveUser(
  { auth }: CompiledMethod,
  params: Record<string, unknown>,
  { token }: Incoming,
  app: ClientApp | undefined,
  { sessions }: Services,
): Promise<SignedIn> | undefined {
  if (auth !== 'app' || app?.trust !== 'public' || params['uid'] === undefined) return undefined
  return requireSessionOf(params['uid'], token, sessions)
}

async function requireSessionOf(
  uid: unknown,
  token: string | undefined,
  sessions: Services['sessions'],
): Promise<SignedIn> {
  const session = token === undefined ? undefined : await verifyOrNobody(token, sessions)
  if (session?.userId !== uid || !session)
    throw new GatewayError('LOGIN_REQUIRED', { detail: 'session_key: a live session of the user uid' })
  return session
}
