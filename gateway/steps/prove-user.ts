import { GatewayError } from '../outcome/errors.js'
import type { Ready } from '../outcome/ready.js'
import type { Services } from '../services/services.js'
import { verifyOrNobody } from '../services/sign-in/sessions.js'
import type { Passage } from './passage.js'

/**
 * Asks a public application for a session of the user `uid` that it calls for: its key is known to all, so it proves
 * the application, but no user (passport.md §3). Leaves alone calls of other applications and without `uid`. Throws
 * LOGIN_REQUIRED.
 */
export function proveUser(passage: Passage, services: Services): Ready<void> {
  const { method, app, params } = passage
  if (method.auth !== 'app' || app?.trust !== 'public' || params['uid'] === undefined) return
  return requireSessionOf(params['uid'], passage, services)
}

async function requireSessionOf(uid: unknown, passage: Passage, { sessions }: Services): Promise<void> {
  const { token } = passage.incoming
  const session = token === undefined ? undefined : await verifyOrNobody(token, sessions)
  if (session?.userId !== uid || !session)
    throw new GatewayError('LOGIN_REQUIRED', { detail: 'session_key: a live session of the user uid' })
  passage.session = session
}
