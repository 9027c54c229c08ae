import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Cors, preflightHeaders } from './cors.js'
import { asGatewayError, type Dispatch } from './dispatch.js'
import type { Edge, RequestHead } from './edge.js'
import { GatewayError } from './errors.js'
import type { Answer, Dialect, Incoming, Outcome } from './incoming.js'
import type { Services } from './method.js'

/** Answers one HTTP request in a dialect. */
export type Serve = (request: IncomingMessage, response: ServerResponse, dialect: Dialect) => void

/** Requests an address may make in ten seconds, whatever they ask for: back ends of legacy sites share one. */
const flood = { name: 'flood', by: 'ip', points: 20_000, seconds: 10 } as const

interface Parts {
  readonly edge: Edge
  readonly dispatch: Dispatch
  readonly cors: Cors
  readonly services: Services
}

/** The line every call travels: edge → dialect.read → dispatch → dialect.write. Never throws, always answers. */
export function createServe({ edge, dispatch, cors, services }: Parts): Serve {
  const guard = async ({ ip }: RequestHead) => {
    if (services.ipBlocks.isBlocked(ip)) throw new GatewayError('IP_BLOCKED')
    const retryAfter = await services.limiter.exceeded(flood, ip)
    if (retryAfter !== undefined) throw new GatewayError('TOO_MANY_REQUESTS', { retryAfter })
  }
  const answer = async (
    request: IncomingMessage,
    head: RequestHead,
    dialect: Dialect,
  ): Promise<[Answer, Outcome]> => {
    let incoming: Pick<Incoming, 'callback'> = {}
    let outcome: Outcome
    try {
      await guard(head)
      const call = dialect.read({ ...head, params: await edge.readParameters(request) })
      incoming = call
      outcome = await dispatch(call)
      return [dialect.write(outcome, incoming), outcome]
    } catch (error) {
      const gatewayError = asGatewayError(error)
      const { requestId, ip } = head
      if (gatewayError.cause !== undefined) services.log.error({ requestId, ip, error }, 'a call failed')
      outcome = { ok: false, method: undefined, error: gatewayError }
      return [dialect.write(outcome, incoming), outcome]
    }
  }
  return (request, response, dialect) => {
    const started = performance.now()
    const head = edge.readHead(request)
    const crossOrigin = cors(head.headers)
    if (head.verb === 'OPTIONS') {
      response.writeHead(204, crossOrigin && { ...crossOrigin, ...preflightHeaders(head.headers) }).end()
      return
    }
    // `answer` turns every error into an answer, so nothing can be rejected here.
    void answer(request, head, dialect).then(([written, outcome]) => {
      send(request, response, written, { 'X-Request-Id': head.requestId, ...crossOrigin })
      report(head, outcome, written, (performance.now() - started) / 1000, services)
    })
  }
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
  extra: Readonly<Record<string, string>>,
): void {
  // A body that was not read to its end (too large, refused) must not be taken for the next request.
  const unread = !request.complete && request.method !== 'GET' && request.method !== 'HEAD'
  response.writeHead(status, {
    ...headers,
    ...extra,
    ...(unread ? { Connection: 'close' } : {}),
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function report(
  { requestId, path, ip }: RequestHead,
  { method, app }: Outcome,
  { status, code }: Answer,
  seconds: number,
  { log, metrics }: Services,
): void {
  metrics.countCall(method?.name ?? 'unknown', code, seconds)
  if (!log.enabled('info')) return
  const milliseconds = Math.round(seconds * 1e5) / 100
  log.info({ requestId, method: method?.name, path, app, ip, status, code, milliseconds }, 'call')
}
