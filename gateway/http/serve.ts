import type { IncomingMessage, ServerResponse } from 'node:http'
import { isRawAnswer, type RawAnswer } from '../../schemas/contract-document.js'
import { type Cors, preflightHeaders } from './cors.js'
import { GatewayError } from '../outcome/errors.js'
import { asGatewayError } from '../outcome/failures.js'
import { type Edge, shownPath } from './edge.js'
import { isStreamOutcome, openEventStream } from './event-stream.js'
import { createGuard } from './guard.js'
import { createPublicAnswers } from './public-answers.js'
import type {
  Answer,
  Dialect,
  Dispatch,
  HeaderList,
  Incoming,
  Outcome,
  RequestHead,
} from '../dialects/dialect.js'
import type { Services } from '../services/services.js'
import type { CallSpan } from '../services/telemetry/tracing.js'
import { traceIdOf } from '../wire/traceparent.js'
import { type Ready, recover, whenReady } from '../outcome/ready.js'

/** Answers one HTTP request in a dialect. */
export type Serve = (request: IncomingMessage, response: ServerResponse, dialect: Dialect) => void

/** Makes the calls of a batch, and answers it. */
export type PerformBatch = (batch: {
  readonly dialect: Dialect
  readonly incoming: Incoming
  readonly outcome: Outcome & { readonly ok: true }
}) => Promise<Finished>

interface Parts {
  readonly edge: Edge
  readonly dispatch: Dispatch
  readonly performBatch: PerformBatch
  readonly cors: Cors
  readonly services: Services
}

/** One request on its way to its answer. */
interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly dialect: Dialect
  readonly head: RequestHead
  /** Absent where no collector of traces is configured. */
  readonly span: CallSpan | undefined
  /** By `performance.now()`. */
  readonly started: number
  /** What the request says, once it is read. */
  incoming: Incoming | undefined
}

/** A call that has its answer. */
interface Finished {
  readonly outcome: Outcome
  /** Undefined where a stream was opened, which writes itself. */
  readonly answer: Answer | undefined
}

/** The line every call travels: edge → dialect.read → dispatch → dialect.write. Never throws, always answers. */
export function createServe({ edge, dispatch, performBatch, cors, services }: Parts): Serve {
  const guard = createGuard(services)
  const publicAnswer = createPublicAnswers()
  const call = (exchange: Exchange): Ready<Finished> => {
    const { request, dialect, head } = exchange
    guard(head.ip)
    // Where nothing is behind a path, it does not matter what the body is, and nobody waits for it.
    if (!dialect.knowsPath(head)) throw new GatewayError('METHOD_NOT_FOUND')
    return whenReady(edge.readInput(request, head, dialect), (input) => {
      exchange.incoming = dialect.read(head, input)
      return whenReady(dispatch(exchange.incoming), (outcome) => finish(exchange, outcome))
    })
  }
  const finish = (exchange: Exchange, outcome: Outcome): Ready<Finished> => {
    if (outcome.ok && outcome.method.maxAge !== undefined)
      return publicAnswer(exchange, outcome).then((answer) => ({ outcome, answer }))
    if (outcome.ok && outcome.method.answers === 'batch' && exchange.incoming)
      return performBatch({ dialect: exchange.dialect, incoming: exchange.incoming, outcome })
    if (!isStreamOutcome(outcome)) return { outcome, answer: write(exchange, outcome) }
    const { request, response, head } = exchange
    const traced = head.traceparent === undefined ? [] : ['traceparent', head.traceparent]
    const others = besides(outcome, cors(head.headers)) ?? []
    const headers = ['X-Request-Id', head.requestId, ...traced, ...others]
    const opened = openEventStream({ request, response, headers, outcome }, services)
    return { outcome: opened, answer: opened.ok ? undefined : write(exchange, opened) }
  }
  const fail = ({ dialect, head, incoming }: Exchange, thrown: unknown): Finished => {
    const error = asGatewayError(thrown)
    const { requestId, ip } = head
    if (error.cause !== undefined) services.log.error({ requestId, ip, error }, 'a call failed')
    const outcome: Outcome = { ok: false, method: undefined, error }
    return { outcome, answer: dialect.write(outcome, incoming) }
  }
  const conclude = (exchange: Exchange, { outcome, answer }: Finished): void => {
    const { head, span, started } = exchange
    if (answer) send(exchange, answer, besides(outcome, cors(head.headers)))
    const told = answer ?? openedStream
    report(head, outcome, told, (performance.now() - started) / 1000, services)
    span?.end(outcome, told.status)
  }
  const answerPreflight = (response: ServerResponse, { ip, headers }: RequestHead): void => {
    try {
      guard(ip)
    } catch (thrown) {
      response.writeHead(asGatewayError(thrown).httpStatus('account')).end()
      return
    }
    const allowed = cors(headers)
    response.writeHead(204, allowed && [...allowed, ...preflightHeaders(headers)]).end()
  }
  return (request, response, dialect) => {
    // A closed connection has no address to limit, and waits for no answer.
    if (request.socket.destroyed) return
    const read = edge.readHead(request)
    if (read.verb === 'OPTIONS') {
      answerPreflight(response, read)
      return
    }
    const span = services.tracing.beginCall(read)
    const head = span ? { ...read, traceparent: span.traceparent } : read
    const started = performance.now()
    const exchange: Exchange = { request, response, dialect, head, span, started, incoming: undefined }
    const perform = () =>
      recover(
        () => call(exchange),
        (error) => fail(exchange, error),
      )
    const finished = span ? span.run(perform) : perform()
    void whenReady(finished, (finished) => conclude(exchange, finished))
  }
}

/** What log and metrics are told of a stream, when it is opened. */
const openedStream = { status: 200, code: 0 }

/** The answer of a raw method goes out as it is; its errors must not look like success to a client without envelopes. */
function write({ dialect, incoming }: Exchange, outcome: Outcome): Answer {
  const answers = outcome.method?.answers ?? 'result'
  if (answers === 'result' || answers === 'batch') return dialect.write(outcome, incoming)
  if (answers === 'redirect') {
    const isRedirect = outcome.ok && isRawAnswer(outcome.result)
    return isRedirect ? { ...outcome.result, code: 0 } : dialect.write(outcome, incoming)
  }
  if (outcome.ok) return { ...(outcome.result as RawAnswer), code: 0 }
  const answer = dialect.write(outcome, incoming)
  return answer.status === 200 ? { ...answer, status: 400 } : answer
}

/** What an answer says besides the dialect's headers: to whom it may be shown, and that its method is on its way out. */
function besides({ method }: Outcome, cors: HeaderList | undefined): HeaderList | undefined {
  const deprecation = method?.deprecation
  return deprecation && cors ? [...cors, ...deprecation] : (deprecation ?? cors)
}

function send(
  { request, response, head }: Exchange,
  { status, headers, body }: Answer,
  others: HeaderList | undefined,
): void {
  const list: (string | number)[] = [...headers, 'X-Request-Id', head.requestId]
  if (head.traceparent !== undefined) list.push('traceparent', head.traceparent)
  if (others) list.push(...others)
  // A body that was not read to its end (too large, refused) must not be taken for the next request.
  if (!request.complete && request.method !== 'GET' && request.method !== 'HEAD')
    list.push('Connection', 'close')
  // The length of a 304 would be that of what the caller has.
  if (status !== 304) list.push('Content-Length', Buffer.byteLength(body))
  response.writeHead(status, list)
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** Tells log and metrics of a call. */
export function report(
  { requestId, path, ip, traceparent }: RequestHead,
  outcome: Outcome,
  { status, code }: Pick<Answer, 'status' | 'code'>,
  seconds: number,
  { log, metrics }: Services,
): void {
  const { method, app } = outcome
  metrics.countCall(method?.name ?? 'unknown', code, seconds)
  if (!outcome.ok) metrics.countError(method?.name ?? 'unknown', outcome.error.key, status)
  if (!log.enabled('info')) return
  const milliseconds = Math.round(seconds * 1e5) / 100
  const traceId = traceparent && traceIdOf(traceparent)
  log.call({
    requestId,
    traceId,
    method: method?.name,
    path: shownPath(path),
    app,
    ip,
    status,
    code,
    milliseconds,
  })
}
