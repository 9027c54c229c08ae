import type { CompiledMethod } from '../contract/compile-table.js'
import { GatewayError } from '../outcome/errors.js'
import { type Ready, whenReady } from '../outcome/ready.js'
import type { Services } from '../services/services.js'
import { type ConsoleCaller, isProofFresh } from '../services/sign-in/console-caller.js'
import { type SignedIn, verifyOrNobody } from '../services/sign-in/sessions.js'
import type { Passage } from './passage.js'

/**
 * Finds whose session the call carries, as far as the method cares. Throws LOGIN_REQUIRED, TOKEN_BROKEN or
 * TOKEN_EXPIRED where one is needed, PERMISSION_DENIED where the user is not an administrator with this permission;
 * PROOF_NEEDED where the console is to ask its user for a proof first.
 */
export function signIn(passage: Passage, services: Services): Ready<void> {
  const { auth } = passage.method
  const { console } = passage.incoming
  if (console) {
    passage.session = admitFromConsole(passage.method, console, services)
    return
  }
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

function admitFromConsole(
  method: CompiledMethod,
  { session, isEnrolling, provedAt, includes }: ConsoleCaller,
  { clock }: Pick<Services, 'clock'>,
): SignedIn {
  const { ownAccount, reproof } = method
  if (isEnrolling && ownAccount !== 'enrolling') throw new GatewayError('LOGIN_REQUIRED')
  if (!isOpenTo(method, includes)) throw new GatewayError('PERMISSION_DENIED')
  if (reproof && !isEnrolling && !isProofFresh(provedAt, clock.now())) throw new GatewayError('PROOF_NEEDED')
  return session
}

/** Whether an administrator may call a method from the console, by what the role includes. */
export function isOpenTo(
  { auth, ownAccount, permission }: CompiledMethod,
  includes: ConsoleCaller['includes'],
): boolean {
  const isForAll = ownAccount !== undefined || auth === 'user' || auth === 'optional' || auth === 'none'
  return isForAll || includes(permission)
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
