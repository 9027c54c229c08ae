import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Cors, preflightHeaders } from './cors.js'
import { asGatewayError, type Dispatch } from './dispatch.js'
import type { Edge } from './edge.js'
import { isStreamOutcome, openEventStream } from './event-stream.js'
import { isRawAnswer, type RawAnswer } from '../schemas/contract-document.js'
import { createGuard } from './guard.js'
import type { Answer, Dialect, HeaderList, Incoming, Outcome, RequestHead } from './incoming.js'
import type { Services } from './method.js'

/** Answers one HTTP request in a dialect. */
export type Serve = (request: IncomingMessage, response: ServerResponse, dialect: Dialect) => void

interface Parts {
  readonly edge: Edge
  readonly dispatch: Dispatch
  readonly cors: Cors
  readonly services: Services
}

/** The line every call travels: edge → dialect.read → dispatch → dialect.write. Never throws, always answers. */
export function createServe({ edge, dispatch, cors, services }: Parts): Serve {
  const guard = createGuard(services)
  const answer = async (
    request: IncomingMessage,
    response: ServerResponse,
    head: RequestHead,
    dialect: Dialect,
  ): Promise<void> => {
    const started = performance.now()
    let incoming: Pick<Incoming, 'callback'> = {}
    let outcome: Outcome
    let written: Answer
    try {
      guard(head.ip)
      const read = edge.readInput(request, (query) => dialect.takesText(head, query))
      const call = withLastEventId(dialect.read(head, read instanceof Promise ? await read : read), head)
      incoming = call
      outcome = await dispatch(call)
      if (isStreamOutcome(outcome)) {
        const headers = ['X-Request-Id', head.requestId, ...(cors(head.headers) ?? [])]
        outcome = openEventStream({ request, response, headers, outcome }, services)
        if (outcome.ok) return report(head, outcome, streamAnswer, secondsSince(started), services)
      }
      written = write(dialect, outcome, incoming)
    } catch (error) {
      const gatewayError = asGatewayError(error)
      const { requestId, ip } = head
      if (gatewayError.cause !== undefined) services.log.error({ requestId, ip, error }, 'a call failed')
      outcome = { ok: false, method: undefined, error: gatewayError }
      written = dialect.write(outcome, incoming)
    }
    send(request, response, written, head.requestId, cors(head.headers))
    report(head, outcome, written, secondsSince(started), services)
  }
  return (request, response, dialect) => {
    // Whose connection is gone has no address any more to be held to, and waits for no answer.
    if (request.socket.destroyed) return
    const head = edge.readHead(request)
    if (head.verb === 'OPTIONS') {
      const allowed = cors(head.headers)
      response.writeHead(204, allowed && [...allowed, ...preflightHeaders(head.headers)]).end()
      return
    }
    // `answer` turns every error into an answer, so nothing can be rejected here.
    void answer(request, response, head, dialect)
  }
}

const secondsSince = (started: number) => (performance.now() - started) / 1000

/** What log and metrics are told of a stream, when it is opened. */
const streamAnswer = { status: 200, code: 0 }

function withLastEventId(call: Incoming, { headers }: RequestHead): Incoming {
  const lastEventId = headers['last-event-id']
  return typeof lastEventId === 'string' ? { ...call, lastEventId } : call
}

/** What a raw method answers goes out as it is; its errors must not look like success to who expects no envelope. */
function write(dialect: Dialect, outcome: Outcome, incoming: Pick<Incoming, 'callback'>): Answer {
  const {
    'x-raw': isRaw,
    'x-redirect': mayRedirect,
    'x-stream': isStream,
  } = outcome.method?.contract.document ?? {}
  if (mayRedirect && outcome.ok && isRawAnswer(outcome.result)) return { ...outcome.result, code: 0 }
  if (!isRaw && !isStream) return dialect.write(outcome, incoming)
  if (outcome.ok) return { ...(outcome.result as RawAnswer), code: 0 }
  const answer = dialect.write(outcome, incoming)
  return answer.status === 200 ? { ...answer, status: 400 } : answer
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
  requestId: string,
  cors: HeaderList | undefined,
): void {
  const list: (string | number)[] = [...headers, 'X-Request-Id', requestId]
  if (cors) list.push(...cors)
  // A body that was not read to its end (too large, refused) must not be taken for the next request.
  if (!request.complete && request.method !== 'GET' && request.method !== 'HEAD')
    list.push('Connection', 'close')
  list.push('Content-Length', Buffer.byteLength(body))
  response.writeHead(status, list)
  response.end(request.method === 'HEAD' ? undefined : body)
}

function report(
  { requestId, path, ip }: RequestHead,
  { method, app }: Outcome,
  { status, code }: Pick<Answer, 'status' | 'code'>,
  seconds: number,
  { log, metrics }: Services,
): void {
  metrics.countCall(method?.name ?? 'unknown', code, seconds)
  if (!log.enabled('info')) return
  const milliseconds = Math.round(seconds * 1e5) / 100
  log.call({ requestId, method: method?.name, path, app, ip, status, code, milliseconds })
}
