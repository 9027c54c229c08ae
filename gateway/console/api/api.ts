import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Response, Router } from 'express'
import { callerOf } from '../../../methods/rules/console/session-callers.js'
import { findSession, noteUse } from '../../../methods/rules/console/sessions.js'
import type { CompiledTable } from '../../contract/compile-table.js'
import { createAccountDialect } from '../../dialects/account.js'
import type { Answer, Dispatch, HeaderList, Outcome, RequestHead } from '../../dialects/dialect.js'
import { createClientAddress } from '../../http/client-address.js'
import { createEdge } from '../../http/edge.js'
import { createGuard } from '../../http/guard.js'
import { report } from '../../http/serve.js'
import { GatewayError } from '../../outcome/errors.js'
import { asGatewayError } from '../../outcome/failures.js'
import type { RawParameters } from '../../wire/query-string.js'
import type { Services } from '../../services/services.js'
import type { RawAnswer } from '../../../schemas/contract-document.js'
import { readCookie } from './cookies.js'
import { ownOriginOf } from './own-origin.js'
import { createSignIn, type SignInAnswer } from './sign-in.js'

/** What of a gateway the console calls. */
export interface ConsoleGateway {
  readonly table: CompiledTable
  readonly dispatch: Dispatch
}

/** A request of the page, whose origin was found to be ours. */
interface PageRequest {
  readonly head: RequestHead
  readonly params: RawParameters
  /** A file of the form, for methods that take one. */
  readonly file?: Buffer | undefined
  readonly origin: string
  readonly secret: string | undefined
}

/** Header of what a page asks for by itself, as a plot that follows the time: it keeps no session alive. */
const backgroundHeader = 'x-console-background'

/** Answers are their reader's own, and no page may frame or sniff them. */
const safeHeaders: HeaderList = [
  'Content-Security-Policy',
  "default-src 'none'; frame-ancestors 'none'",
  'X-Frame-Options',
  'DENY',
  'Cross-Origin-Resource-Policy',
  'same-origin',
]

/**
 * `POST /console/api/manage/…`: the methods below `/manage` and those of the console, called by the page in the name of
 * an administrator who is signed in there; `POST /console/api/session…`: signing in. Answers in the account envelope.
 * Nothing is answered to a page of another origin.
 */
export function createConsoleApi({ table, dispatch }: ConsoleGateway, services: Services): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const edge = createEdge(createClientAddress(services.config.trustProxy), {
    looksForLocal: false,
    mostFileBytes: services.config.uploads.bytes,
  })
  const guard = createGuard(services)
  const dialect = createAccountDialect(table)
  const signIn = createSignIn(table, services)

  const read = async (request: IncomingMessage, head: RequestHead, name: string): Promise<PageRequest> => {
    guard(head.ip)
    const origin = ownOriginOf(request, services.config)
    if (origin === undefined) throw new GatewayError('PERMISSION_DENIED')
    const fileField = () => table.ofConsole.get(name)?.contract.document['x-file']
    const { params, file } = await edge.readInput(request, head, { takesText: () => false, fileField })
    return { head, params, file, origin, secret: readCookie(request) }
  }
  const call = async (
    name: string,
    { head, params, file, origin, secret }: PageRequest,
  ): Promise<Outcome> => {
    const session = await findSession(services, secret)
    if (!session || session.stage === 'factor' || session.stage === 'ticket')
      return { ok: false, method: undefined, error: new GatewayError('LOGIN_REQUIRED') }
    if (head.headers[backgroundHeader] === undefined) await noteUse(services, session)
    const console = await callerOf(services, session, origin)
    return dispatch({ head, method: name, params, queryNames: [], token: undefined, file, console })
  }
  const answer = async (request: IncomingMessage, response: ServerResponse, path: string) => {
    const started = performance.now()
    const head = withoutKey(edge.readHead(request))
    const [, name] = /^\/(manage\/.+)$/.exec(path) ?? []
    const perform = async (): Promise<Finished> => {
      const method = name?.replaceAll('/', '.') ?? ''
      const page = await read(request, head, method)
      if (name === undefined) return { signIn: await signIn(path, page) }
      const outcome = await call(method, page)
      return { outcome }
    }
    const done = await perform().catch((thrown: unknown) => ({ outcome: failed(thrown, head, services) }))
    if ('signIn' in done) return send({ request, response }, head, done.signIn)
    const written = writeOutcome(done.outcome, dialect)
    send({ request, response }, head, written)
    report(head, done.outcome, written, (performance.now() - started) / 1000, services)
  }
  router.post('/*path', (request, response: Response) => answer(request, response, request.path))
  return router
}

type Finished = { readonly signIn: SignInAnswer } | { readonly outcome: Outcome }

/** Keys of repeated calls are for applications. */
function withoutKey(head: RequestHead): RequestHead {
  const { 'idempotency-key': _, ...headers } = head.headers
  return { ...head, headers }
}

function failed(thrown: unknown, { requestId, ip }: RequestHead, { log }: Services): Outcome {
  const error = asGatewayError(thrown)
  if (error.cause !== undefined) log.error({ requestId, ip, error }, 'a call of the console failed')
  return { ok: false, method: undefined, error }
}

/** A raw answer goes out as it is, and its errors, as all others, in an envelope. */
function writeOutcome(outcome: Outcome, dialect: ReturnType<typeof createAccountDialect>): Answer {
  if (outcome.ok && outcome.method.answers === 'raw') return { ...(outcome.result as RawAnswer), code: 0 }
  if (outcome.ok && outcome.method.answers !== 'result')
    return dialect.write(
      { ok: false, method: outcome.method, error: new GatewayError('METHOD_NOT_FOUND') },
      undefined,
    )
  const written = dialect.write(outcome, undefined)
  if (outcome.ok || outcome.error.detail === undefined) return written
  // The envelope's text is Chinese: this is what the page shows in English.
  const detail = encodeURIComponent(outcome.error.detail)
  return { ...written, headers: [...written.headers, 'X-Error-Detail', detail] }
}

function send(
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  { requestId }: RequestHead,
  { status, headers, body }: Pick<Answer, 'status' | 'headers' | 'body'>,
): void {
  const length = ['Content-Length', String(Buffer.byteLength(body))]
  // A body that was not read to its end must not be taken for the next request.
  const close = request.complete ? [] : ['Connection', 'close']
  response.writeHead(status, [...headers, ...safeHeaders, 'X-Request-Id', requestId, ...length, ...close])
  response.end(body)
}
