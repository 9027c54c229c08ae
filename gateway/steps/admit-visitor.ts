import { GatewayError } from '../outcome/errors.js'
import type { Visitor } from '../dialects/dialect.js'
import type { Services } from '../services/services.js'
import { type SignedIn, verifyOrNobody } from '../services/sign-in/sessions.js'
import { emptyParameters } from '../wire/query-string.js'
import type { Passage } from './passage.js'

/**
 * Admits a visitor of an allowed page with a live session (passport.md §5, open.passport.get). The call is made for
 * that user alone, whatever `uid` the page sent; where nobody is signed in, the method says the answer. Throws
 * SIGNATURE_MISSING for a method that has no visitors.
 */
export async function admitVisitor(passage: Passage, services: Services): Promise<void> {
  const { method, incoming } = passage
  const { visitors } = method
  if (!visitors || !incoming.visitor) throw new GatewayError('SIGNATURE_MISSING')
  const session = await findVisitor(incoming.visitor, services)
  if (session) {
    passage.session = session
    passage.params = method.contract.read(Object.assign(emptyParameters(), { uid: incoming.visitor.uid }))
  } else {
    passage.result = visitors.nobody
    passage.isAnswered = true
  }
}

async function findVisitor(
  { uid, token, refererHost }: Visitor,
  { sessions, config }: Services,
): Promise<SignedIn | undefined> {
  if (!refererHost || !config.callbackHosts.includes(refererHost)) return undefined
  const session = await verifyOrNobody(token, sessions)
  return session && String(session.userId) === uid ? session : undefined
}
