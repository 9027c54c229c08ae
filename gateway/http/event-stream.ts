import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EventStreamAnswer, EventWriter } from '../../schemas/contract-document.js'
import { asGatewayError } from '../outcome/failures.js'
import { GatewayError } from '../outcome/errors.js'
import type { HeaderList, Outcome } from '../dialects/dialect.js'
import type { Services } from '../services/services.js'
import type { OpenStream, StreamServer } from '../services/live/event-streams.js'

type StreamOutcome = Extract<Outcome, { ok: true }>

interface Opening {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** What every answer has. */
  readonly headers: HeaderList
  readonly outcome: StreamOutcome
}

/** `no-transform` keeps an application's compression, and `X-Accel-Buffering` nginx, from holding events back. */
const streamHeaders = Object.entries({
  'Content-Type': 'text/event-stream;charset=UTF-8',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
  // After a stream nothing else comes on its connection, and a server that closes need not wait for it.
  Connection: 'close',
}).flat()

/** A comment after this long a silence, so that proxies don't take the connection for a dead one. */
const quietMilliseconds = 20_000
/** How long a client may take to read what was written before nothing more is kept for it. */
const stallMilliseconds = 10_000
/** How long a stream that ends may take to get its last words through. */
const lingerMilliseconds = 1000
/** When a client comes back by itself after its connection was cut. */
const retryMilliseconds = 3000

export function isStreamOutcome(outcome: Outcome): outcome is StreamOutcome {
  return outcome.ok && outcome.method.answers === 'stream'
}

/** Sends the head of a stream and lets the method write it; the outcome says whether that was possible. */
export function openEventStream(
  { request, response, headers, outcome }: Opening,
  services: Services,
): Outcome {
  const { method, app, freshToken } = outcome
  const answer = outcome.result as EventStreamAnswer
  try {
    // A stream has no head without the stream. Of other verbs the dialects say which they take.
    if (request.method === 'HEAD') throw new GatewayError('VERB_NOT_ALLOWED', { detail: 'GET' })
    const stream = new HttpEventStream(response, answer)
    const remove = services.eventStreams.add(stream)
    stream.ended.addEventListener('abort', remove)
    response.once('close', () => stream.stop()).on('error', () => stream.stop())
    const token = freshToken === undefined ? [] : ['Authorization', freshToken]
    response.writeHead(200, [...streamHeaders, ...headers, ...token])
    response.write(`retry: ${retryMilliseconds}\n\n`)
    // A client that hung up while it was let in sends no `close` any more.
    if (response.destroyed || request.socket.destroyed) stream.stop()
    void run(stream, answer, { method: method.name, services })
    return outcome
  } catch (error) {
    return { ok: false, method, app, error: asGatewayError(error) }
  }
}

async function run(
  stream: HttpEventStream,
  answer: EventStreamAnswer,
  { method, services }: { readonly method: string; readonly services: Services },
): Promise<void> {
  try {
    await answer.run(stream)
  } catch (error) {
    services.log.error({ method, userId: answer.session.userId, error }, 'a stream failed')
  } finally {
    stream.end(retryMilliseconds)
  }
}

/** Server-Sent Events on an HTTP answer. What its client has not read is at most what one `write` was given. */
class HttpEventStream implements OpenStream, EventWriter {
  readonly session: EventStreamAnswer['session']
  readonly server: StreamServer | undefined
  private readonly response: ServerResponse
  private readonly ending = new AbortController()
  private wroteAt = performance.now()

  constructor(response: ServerResponse, { session }: EventStreamAnswer) {
    this.session = session
    this.response = response
    // Every connection knows its server, though the types don't.
    this.server = (response.req.socket as { server?: StreamServer }).server
  }

  get ended(): AbortSignal {
    return this.ending.signal
  }

  async write(events: string): Promise<void> {
    if (this.ended.aborted) return
    this.wroteAt = performance.now()
    if (this.response.write(events)) return
    // A time limit that only a combined signal knows is collected as garbage before it is over.
    const patience = new AbortController()
    const giveUp = () => patience.abort()
    const timer = setTimeout(giveUp, stallMilliseconds)
    this.ended.addEventListener('abort', giveUp)
    try {
      await once(this.response, 'drain', { signal: patience.signal })
    } catch {
      // The client comes back with the last event it has read, and loses nothing.
      if (!this.ended.aborted) this.response.destroy()
      this.stop()
    } finally {
      clearTimeout(timer)
      this.ended.removeEventListener('abort', giveUp)
    }
  }

  beat(): void {
    if (performance.now() - this.wroteAt < quietMilliseconds || this.response.writableNeedDrain) return
    this.wroteAt = performance.now()
    this.response.write(':\n\n')
  }

  end(retry: number): void {
    if (this.ended.aborted) return
    this.stop()
    this.response.end(`retry: ${retry}\n\n`)
    setTimeout(() => this.response.destroy(), lingerMilliseconds).unref()
  }

  /** Lets go of a client who is gone. */
  stop(): void {
    this.ending.abort()
  }
}
