import { GatewayError } from '../../outcome/errors.js'
import { type Ready, recover, whenReady } from '../../outcome/ready.js'
import type { ClientApp } from '../../services/apps/apps.js'
import type { Services } from '../../services/services.js'
import { type SignedIn, verifyOrNobody } from '../../services/sign-in/sessions.js'
import type { Passage } from '../passage.js'
import { isRefused } from './found-call.js'

/**
 * Asks a public application for a session of the user `uid` that it calls for: its key is known to all, so it proves
 * the application, but no user (passport.md §3). Without `uid` a method of trust `session` takes any live session, and
 * one of trust `own-uid` none. Leaves alone calls of other applications, but reports those that would be asked, were
 * they no longer trusted. Throws LOGIN_REQUIRED.
 */
export function proveUser(passage: Passage, services: Services): Ready<void> {
  const { method, app } = passage
  if (method.auth !== 'app' || !app || method.trust === 'server') return
  if (app.trust === 'public')
    return whenReady(findSession(passage, services), (session) => {
      const lacking = findLacking(passage, session)
      if (lacking !== undefined) throw new GatewayError('LOGIN_REQUIRED', { detail: lacking })
      passage.session = session
    })
  if (app.guards.reportOnly && app.guards.stateOf('trust', services.clock.now()) === 'report')
    return reportUnproved(app, passage, services)
}

/** The call goes on as before, whether or not its session can be looked up. */
function reportUnproved(app: ClientApp, passage: Passage, services: Services): Ready<void> {
  const report = (session: SignedIn | undefined) => {
    const reason = findLacking(passage, session)
    if (reason !== undefined) isRefused('trust', { ...passage, app, reason }, services)
  }
  return recover(
    () => whenReady(findSession(passage, services), report),
    () => undefined,
  )
}

/** What a call that must prove its user lacks. */
function findLacking(
  { method, params: { uid } }: Passage,
  session: SignedIn | undefined,
): string | undefined {
  if (method.trust === 'own-uid' && uid === undefined) return 'uid: that of the session_key'
  const isNeeded = uid !== undefined || method.trust === 'session'
  const isProved = session && (uid === undefined || session.userId === uid)
  if (!isNeeded || isProved) return undefined
  return `session_key: a live session of ${uid === undefined ? 'a user' : 'the user uid'}`
}

function findSession({ incoming }: Passage, { sessions }: Services): Ready<SignedIn | undefined> {
  return incoming.token === undefined ? undefined : verifyOrNobody(incoming.token, sessions)
}
