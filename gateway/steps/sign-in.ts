import type { CompiledMethod } from '../compile-table.js'
import { GatewayError } from '../errors.js'
import type { Incoming } from '../incoming.js'
import type { Services } from '../method.js'
import type { ClientApp } from '../services/apps.js'
import type { SignedIn } from '../services/sessions.js'

/**
 * Whose session the call carries, as far as the method cares. Throws LOGIN_REQUIRED, TOKEN_BROKEN or TOKEN_EXPIRED
 * where one is needed, PERMISSION_DENIED where the user is not an administrator with this permission.
 */
export function signIn(
  method: CompiledMethod,
  incoming: Incoming,
  params: Record<string, unknown>,
  app: ClientApp | undefined,
  { sessions, permissions }: Services,
): Promise<SignedIn | undefined> | undefined {
  const { token } = incoming
  if (method.auth === 'app') return needsSession(app, params) ? proveUser(params, token, sessions) : undefined
  if (method.auth === 'user') {
    if (token === undefined) throw new GatewayError('LOGIN_REQUIRED')
    return sessions.verify(token)
  }
  if (method.auth === 'permission' || (method.auth === 'app-or-permission' && !app)) {
    if (token === undefined) throw new GatewayError('LOGIN_REQUIRED')
    return requirePermission(method, token, { sessions, permissions })
  }
  if (method.auth === 'optional' && token !== undefined) return verifyOrNobody(token, sessions)
  return undefined
}

async function requirePermission(
  { name }: CompiledMethod,
  token: string,
  { sessions, permissions }: Pick<Services, 'sessions' | 'permissions'>,
): Promise<SignedIn> {
  const session = await sessions.verify(token)
  if (!(await permissions.includes(session.userId, name))) throw new GatewayError('PERMISSION_DENIED')
  return session
}

/** The key of a public application is known to all: it proves the application, but no user (passport.md §3). */
function needsSession(app: ClientApp | undefined, params: Record<string, unknown>): boolean {
  return app?.trust === 'public' && params['uid'] !== undefined
}

async function proveUser(
  params: Record<string, unknown>,
  token: string | undefined,
  sessions: Services['sessions'],
): Promise<SignedIn> {
  const session = token === undefined ? undefined : await verifyOrNobody(token, sessions)
  if (session?.userId !== params['uid'] || !session)
    throw new GatewayError('LOGIN_REQUIRED', { detail: 'session_key: a live session of the user uid' })
  return session
}

/** A broken or expired token counts as none where none is needed (account.md §1). */
async function verifyOrNobody(token: string, sessions: Services['sessions']): Promise<SignedIn | undefined> {
  try {
    return await sessions.verify(token)
  } catch (error) {
    const dead = error instanceof GatewayError && ['TOKEN_BROKEN', 'TOKEN_EXPIRED'].includes(error.error)
    if (dead) return undefined
    throw error
  }
}
