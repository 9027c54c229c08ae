import type { CompiledMethod, CompiledTable } from './contract/compile-table.js'
import { findCookie } from './wire/cookies.js'
import { asGatewayError } from './outcome/failures.js'
import type { Dispatch, Incoming, Outcome } from './dialects/dialect.js'
import type { Auth, Call, MethodName } from './contract/method.js'
import type { Services } from './services/services.js'
import { type Ready, recover, whenReady } from './outcome/ready.js'
import type { ClientApp } from './services/apps/apps.js'
import type { SignedIn } from './services/sign-in/sessions.js'
import { checkResult } from './steps/check-result.js'
import { enforceLimit } from './steps/enforce-limit.js'
import { findMethod } from './steps/find-method.js'
import { proveUser } from './steps/prove-user.js'
import { resolveVisitor } from './steps/resolve-visitor.js'
import { signIn } from './steps/sign-in.js'
import { verifyApp } from './steps/verify-app.js'

/** What is known of a call by and by; its outcome names it even where a later step fails. */
interface Passage {
  readonly incoming: Incoming
  method: CompiledMethod | undefined
  app: ClientApp | undefined
}

/** The way of every call, whatever dialect it came in: one named step after the other, each in its own file. */
export function createDispatch(table: CompiledTable, services: Services): Dispatch {
  const admit = (passage: Passage): Ready<Outcome> => {
    const { incoming } = passage
    if (incoming.refusal) throw incoming.refusal
    const method = findMethod(table, incoming.method)
    passage.method = method
    if (incoming.visitor)
      return resolveVisitor(incoming.visitor, method, services).then(({ nobody, params, session }) =>
        nobody
          ? { ok: true, method, result: nobody.result }
          : perform(passage, method, method.contract.read(params), session),
      )
    return whenReady(verifyApp(method, incoming, services), (app) => {
      passage.app = app
      // Who must sign in is told so before what the method takes: a client then shows its login.
      return whenReady(signIn(method, incoming, app, services), (signedIn) => {
        const params = method.contract.read(incoming.params)
        const session = signedIn ?? proveUser(method, params, incoming, app, services)
        return whenReady(session, (session) => perform(passage, method, params, session))
      })
    })
  }
  const perform = (
    { incoming, app }: Passage,
    method: CompiledMethod,
    params: Record<string, unknown>,
    session: SignedIn | undefined,
  ): Ready<Outcome> => {
    const { ip } = incoming
    const within = method.limit && enforceLimit(method.limit, { app, session, ip }, services)
    return whenReady(within, () => {
      const call = { action: method.name, params, app, session, ip }
      const more = method.takesMore ? { ...call, ...moreOf(incoming, method) } : call
      return whenReady(method.handle(more, services), (result) => {
        checkResult(method, result, services)
        const freshToken = session && services.sessions.refresh(session)
        return whenReady(freshToken, (freshToken) => ({
          ok: true,
          method,
          app: app?.name,
          result,
          freshToken,
        }))
      })
    })
  }
  return (incoming) => {
    const passage: Passage = { incoming, method: undefined, app: undefined }
    return recover(
      () => admit(passage),
      (error) => fail(error, passage, services),
    )
  }
}

/** What a contract asks to be told of a call beyond its parameters. */
function moreOf(
  { params, headers, body }: Incoming,
  { contract: { document } }: CompiledMethod,
): Pick<Call<MethodName, Auth>, 'raw' | 'cookie' | 'body' | 'lastEventId'> {
  const cookie = document['x-cookie']
  const lastEventId = headers?.['last-event-id']
  return {
    ...(document['x-list'] === true && { raw: params }),
    ...(cookie !== undefined && { cookie: findCookie(headers?.cookie ?? '', cookie) }),
    ...(document['x-text-body'] === true && { body }),
    ...(document['x-stream'] === true && typeof lastEventId === 'string' && { lastEventId }),
  }
}

function fail(thrown: unknown, { incoming, method, app }: Passage, { log }: Services): Outcome {
  const error = asGatewayError(thrown)
  if (error.cause !== undefined) {
    const { requestId, ip } = incoming
    log.error({ requestId, method: method?.name, app: app?.name, ip, error }, 'a call failed')
  }
  return { ok: false, method, app: app?.name, error }
}
