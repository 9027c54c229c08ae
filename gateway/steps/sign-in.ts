import type { CompiledMethod } from '../contract/compile-table.js'
import { GatewayError } from '../outcome/errors.js'
import { type Ready, whenReady } from '../outcome/ready.js'
import type { Services } from '../services/services.js'
import { type SignedIn, verifyOrNobody } from '../services/sign-in/sessions.js'
import type { Passage } from './passage.js'

/**
 * Finds whose session the call carries, as far as the method cares. Throws LOGIN_REQUIRED, TOKEN_BROKEN or
 * TOKEN_EXPIRED where one is needed, PERMISSION_DENIED where the user is not an administrator with this permission.
 */
export function signIn(passage: Passage, services: Services): Ready<void> {
  const { auth } = passage.method
  if (auth === 'app' || auth === 'none') return
  return whenReady(findSession(passage, services), (session) => {
    passage.session = session
  })
}

function findSession(
  { method: { auth, permission }, incoming: { token }, app }: Passage,
  { sessions, permissions }: Services,
): Ready<SignedIn | undefined> {
  if (auth === 'optional') return token === undefined ? undefined : verifyOrNobody(token, sessions)
  if (auth === 'app-or-permission' && app) return undefined
  if (token === undefined) throw new GatewayError('LOGIN_REQUIRED')
  if (auth === 'user') return sessions.verify(token)
  return requirePermission(permission, token, { sessions, permissions })
}

async function requirePermission(
  permission: CompiledMethod['permission'],
  token: string,
  { sessions, permissions }: Pick<Services, 'sessions' | 'permissions'>,
): Promise<SignedIn> {
  const session = await sessions.verify(token)
  if (!(await permissions.includes(session.userId, permission))) throw new GatewayError('PERMISSION_DENIED')
  return session
}
