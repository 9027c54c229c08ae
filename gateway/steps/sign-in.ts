import type { CompiledMethod } from '../contract/compile-table.js'
import { GatewayError } from '../outcome/errors.js'
import type { Incoming } from '../dialects/dialect.js'
import type { Services } from '../services/services.js'
import type { Ready } from '../outcome/ready.js'
import type { ClientApp } from '../services/apps/apps.js'
import { type SignedIn, verifyOrNobody } from '../services/sign-in/sessions.js'

/**
 * Whose session the call carries, as far as the method cares. Throws LOGIN_REQUIRED, TOKEN_BROKEN or TOKEN_EXPIRED
 * where one is needed, PERMISSION_DENIED where the user is not an administrator with this permission.
 */
export function signIn(
  { auth, name }: CompiledMethod,
  { token }: Incoming,
  app: ClientApp | undefined,
  { sessions, permissions }: Services,
): Ready<SignedIn | undefined> {
  if (auth === 'app' || auth === 'none') return undefined
  if (auth === 'optional') return token === undefined ? undefined : verifyOrNobody(token, sessions)
  if (auth === 'app-or-permission' && app) return undefined
  if (token === undefined) throw new GatewayError('LOGIN_REQUIRED')
  if (auth === 'user') return sessions.verify(token)
  return requirePermission(name, token, { sessions, permissions })
}

async function requirePermission(
  name: string,
  token: string,
  { sessions, permissions }: Pick<Services, 'sessions' | 'permissions'>,
): Promise<SignedIn> {
  const session = await sessions.verify(token)
  if (!(await permissions.includes(session.userId, name))) throw new GatewayError('PERMISSION_DENIED')
  return session
}
