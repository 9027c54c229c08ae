import { isDatabaseError, isDatabaseUnavailable } from '../db/transaction.js'
import type { CompiledMethod, CompiledTable } from './compile-table.js'
import { findCookie } from './cookies.js'
import { GatewayError } from './errors.js'
import type { Incoming, Outcome } from './incoming.js'
import type { Auth, Call, MethodName, Services } from './method.js'
import type { ClientApp } from './services/apps.js'
import { checkResult } from './steps/check-result.js'
import { enforceLimit } from './steps/enforce-limit.js'
import { findMethod } from './steps/find-method.js'
import { resolveVisitor } from './steps/resolve-visitor.js'
import { signIn } from './steps/sign-in.js'
import { verifyApp } from './steps/verify-app.js'

export type Dispatch = (incoming: Incoming) => Promise<Outcome>

/** The way of every call, whatever dialect it came in: one named step after the other, each in its own file. */
export function createDispatch(table: CompiledTable, services: Services): Dispatch {
  return async (incoming) => {
    let method: CompiledMethod | undefined
    let app: ClientApp | undefined
    try {
      if (incoming.refusal) throw incoming.refusal
      method = findMethod(table, incoming.method)
      const visit = incoming.visitor && (await resolveVisitor(incoming.visitor, method, services))
      if (visit?.nobody) return { ok: true, method, result: visit.nobody.result }
      const verified = visit ? undefined : verifyApp(method, incoming, services)
      app = verified instanceof Promise ? await verified : verified
      // Who must sign in is told so before what the method takes: a client then shows its login.
      const caller = isForUsers(method) && (await signIn(method, incoming, {}, app, services))
      const params = method.contract.read(visit?.params ?? incoming.params)
      const signedIn = caller || (visit ? visit.session : signIn(method, incoming, params, app, services))
      const session = signedIn instanceof Promise ? await signedIn : signedIn
      if (method.limit) await enforceLimit(method.limit, { app, session, ip: incoming.ip }, services)
      const call = { params, app, session, ip: incoming.ip }
      const result = await method.handle(
        method.takesMore ? { ...call, ...moreOf(incoming, method) } : call,
        services,
      )
      checkResult(method, result, services)
      const freshToken = session && (await services.sessions.refresh(session))
      return { ok: true, method, app: app?.name, result, freshToken }
    } catch (error) {
      const gatewayError = asGatewayError(error)
      if (gatewayError.cause !== undefined) reportFailure(gatewayError, incoming, { method, app }, services)
      return { ok: false, method, app: app?.name, error: gatewayError }
    }
  }
}

function isForUsers({ auth }: CompiledMethod): boolean {
  return auth === 'user' || auth.endsWith('permission')
}

/** What a contract asks to be told of a call beyond its parameters. */
function moreOf(
  { params, cookies = '', body, lastEventId }: Incoming,
  { contract: { document } }: CompiledMethod,
): Pick<Call<MethodName, Auth>, 'raw' | 'cookie' | 'body' | 'lastEventId'> {
  const name = document['x-cookie']
  return {
    ...(document['x-list'] === true && { raw: params }),
    ...(name !== undefined && { cookie: findCookie(cookies, name) }),
    ...(document['x-text-body'] === true && { body }),
    ...(document['x-stream'] === true && { lastEventId }),
  }
}

/** What a caller is told of an error that nobody threw on purpose. */
export function asGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  if (isDatabaseUnavailable(error)) return new GatewayError('UNAVAILABLE', { retryAfter: 2, cause: error })
  return new GatewayError(isDatabaseError(error) ? 'SERVICE_ERROR' : 'CRASH', { cause: error })
}

function reportFailure(
  error: GatewayError,
  { requestId, ip }: Incoming,
  { method, app }: { method: CompiledMethod | undefined; app: ClientApp | undefined },
  { log }: Services,
): void {
  log.error({ requestId, method: method?.name, app: app?.name, ip, error }, 'a call failed')
}
