import type { CompiledMethod } from '../contract/compile-table.js'
import { GatewayError, isError } from '../outcome/errors.js'
import type { Visitor } from '../dialects/dialect.js'
import type { Services } from '../services/services.js'
import { emptyParameters, type RawParameters } from '../wire/query-string.js'
import type { SignedIn } from '../services/sign-in/sessions.js'

interface Visit {
  /** The call is made for the visitor alone, whatever `uid` the page sent. */
  readonly params: RawParameters
  readonly session?: SignedIn
  /** Nobody is signed in: this is the answer. */
  readonly nobody?: { readonly result: unknown }
}

/** Who visits an allowed page with a live session (passport.md §5, open.passport.get). */
export async function resolveVisitor(
  visitor: Visitor,
  method: CompiledMethod,
  services: Services,
): Promise<Visit> {
  if (!method.visitors) throw new GatewayError('SIGNATURE_MISSING')
  const params = Object.assign(emptyParameters(), { uid: visitor.uid })
  const nobody = { params, nobody: { result: method.visitors.nobody } }
  if (!visitor.refererHost || !services.config.callbackHosts.includes(visitor.refererHost)) return nobody
  try {
    const session = await services.sessions.verify(visitor.token)
    return String(session.userId) === visitor.uid ? { params, session } : nobody
  } catch (error) {
    if (isError(error, 'TOKEN_BROKEN', 'TOKEN_EXPIRED')) return nobody
    throw error
  }
}
