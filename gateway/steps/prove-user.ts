import { GatewayError } from '../outcome/errors.js'
import { type Ready, whenReady } from '../outcome/ready.js'
import type { Services } from '../services/services.js'
import { type SignedIn, verifyOrNobody } from '../services/sign-in/sessions.js'
import type { Passage } from './passage.js'

/**
 * Asks a public application for a session of the user `uid` that it calls for: its key is known to all, so it proves
 * the application, but no user (passport.md §3). Without `uid` a method of trust `session` takes any live session.
 * Leaves alone calls of other applications. Throws LOGIN_REQUIRED.
 */
export function proveUser(passage: Passage, services: Services): Ready<void> {
  const { method, app, params } = passage
  if (method.auth !== 'app' || app?.trust !== 'public' || method.trust === 'server') return
  return whenReady(findSession(passage, services), (session) => {
    const { uid } = params
    const isNeeded = uid !== undefined || method.trust === 'session'
    if (isNeeded && (!session || (uid !== undefined && session.userId !== uid))) {
      const owner = uid === undefined ? 'a user' : 'the user uid'
      throw new GatewayError('LOGIN_REQUIRED', { detail: `session_key: a live session of ${owner}` })
    }
    passage.session = session
  })
}

function findSession({ incoming }: Passage, { sessions }: Services): Ready<SignedIn | undefined> {
  return incoming.token === undefined ? undefined : verifyOrNobody(incoming.token, sessions)
}
