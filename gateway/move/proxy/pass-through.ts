import { type Agent, type ClientRequest, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { request as requestSecurely } from 'node:https'
import { type BodyHead, hasBody, sendBody } from './call-body.js'
import type { Connections } from './connections.js'
import type { ExchangeEnd, ExchangeObserver } from './observer.js'
import { passAnswer, refuse } from './pass-answer.js'

/** Who answers a call that the chosen upstream does not answer. */
export interface Instead {
  readonly upstream: URL
  /** Whether it may be asked although the upstream may have seen the call; it always may where that has not. */
  readonly repeats: boolean
  /** Milliseconds in which the upstream must be reached, and in which it must begin to answer what may be repeated. */
  readonly patience: { readonly reached: number; readonly answered: number }
  /** Told before it is asked. */
  readonly begins: () => void
}

/** Where a call goes. */
export interface Choice {
  readonly upstream: URL
  /** What was read of the call's body to choose. */
  readonly head?: BodyHead
  /** Connections of all clients to that upstream; absent: the client has its own. */
  readonly agent?: Agent
  readonly instead?: Instead
}

export interface PassOptions extends Choice {
  readonly connections: Connections
  readonly observer: ExchangeObserver | undefined
  /** Whether the upstream is told the caller's address, by X-Forwarded-For. */
  readonly tellsAddress: boolean
  /** Told why an upstream could not be asked. */
  readonly failed: (error: Error) => void
}

/** Sends a call to the upstream and its answer back, byte for byte. Never throws. */
export function passThrough(call: IncomingMessage, answer: ServerResponse, options: PassOptions): void {
  const { observer, connections } = options
  const client = call.socket
  connections.setBusy(client, true)
  const state: PassState = { isOver: false, isTold: false, asked: undefined }
  const end = (how: ExchangeEnd) => {
    if (state.isOver) return
    state.isOver = true
    connections.setBusy(client, false)
    observer?.ended(how)
  }
  answer.on('finish', () => end('complete'))
  answer.on('close', () => {
    if (state.isOver) return
    end('client gone')
    state.asked?.destroy()
  })
  attempt(call, answer, { ...options, state, end })
}

interface PassState {
  isOver: boolean
  /** Whether the observer was told of the call's body, which may be sent twice. */
  isTold: boolean
  /** The call as it was sent to the upstream that is waited for. */
  asked: ClientRequest | undefined
}

interface Attempt extends PassOptions {
  readonly state: PassState
  readonly end: (how: ExchangeEnd) => void
}

function attempt(call: IncomingMessage, answer: ServerResponse, options: Attempt): void {
  const { upstream, observer, state, end, head, instead } = options
  const asked = ask(call, options)
  state.asked = asked
  const isLatest = () => state.asked === asked
  let isSeen = instead === undefined
  const takeTurn = (): boolean => {
    if (instead === undefined || (isSeen && !instead.repeats) || answer.headersSent) return false
    const { agent: _agent, instead: _instead, ...rest } = options
    instead.begins()
    attempt(call, answer, { ...rest, upstream: instead.upstream })
    asked.destroy()
    return true
  }
  const send = () => {
    isSeen = true
    sendBody(call, asked, { head, watcher: state.isTold ? undefined : observer })
    state.isTold = true
  }
  if (instead === undefined) send()
  else whenReached(asked, { upstream, instead, send })
  // One whose body was read was told to go on.
  asked.on('continue', () => head === undefined && answer.writeContinue())
  asked.on('response', (response) => {
    if (!isLatest()) return
    asked.setTimeout(0)
    if ((response.statusCode ?? 0) >= 500 && instead?.repeats && takeTurn()) return
    observer?.answered(response)
    passAnswer(response, answer, observer)
    response.on('error', () => {
      end('upstream failed')
      answer.destroy()
    })
  })
  asked.on('error', (error) => {
    if (state.isOver || !isLatest() || (!call.socket.destroyed && takeTurn())) return
    if (answer.headersSent || call.socket.destroyed) {
      end('upstream failed')
      answer.destroy()
      return
    }
    options.failed(new Error(`${upstream.origin}: ${error.message}`))
    refuse(answer)
    end('upstream failed')
  })
}

interface Reaching {
  readonly upstream: URL
  readonly instead: Instead
  readonly send: () => void
}

/** Sends when the upstream is reached, so that one that is not has seen nothing of the call. */
function whenReached(asked: ClientRequest, { upstream, instead, send }: Reaching): void {
  const { reached, answered } = instead.patience
  const late = setTimeout(() => asked.destroy(new Error(`not reached within ${reached} ms`)), reached)
  const begin = () => {
    clearTimeout(late)
    send()
    if (!instead.repeats) return
    asked.setTimeout(answered, () => asked.destroy(new Error(`no answer within ${answered} ms`)))
  }
  asked.on('close', () => clearTimeout(late))
  asked.on('socket', (socket) => {
    if (!socket.connecting) begin()
    else socket.once(upstream.protocol === 'https:' ? 'secureConnect' : 'connect', begin)
  })
}

function ask(
  call: IncomingMessage,
  { upstream, connections, tellsAddress, agent = connections.agentFor(call.socket, upstream) }: PassOptions,
): ClientRequest {
  const send = upstream.protocol === 'https:' ? requestSecurely : request
  return send({
    protocol: upstream.protocol,
    hostname: upstream.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: upstream.port,
    method: call.method,
    path: call.url,
    headers: callHeaders(call, { upstream, tellsAddress }),
    agent,
    maxHeaderSize: 256 * 1024,
  })
}

/**
 * The headers as they were sent. A call without a body says so, or Node.js would announce one, and one of HTTP/1.0 says
 * whom it is for, as it goes on in HTTP/1.1.
 */
function callHeaders(
  call: IncomingMessage,
  { upstream, tellsAddress }: Pick<PassOptions, 'upstream' | 'tellsAddress'>,
): string[] {
  const headers = [...call.rawHeaders]
  if (call.headers.host === undefined) headers.push('Host', upstream.host)
  if (!hasBody(call) && !/^(?:GET|HEAD|DELETE|OPTIONS|TRACE|CONNECT)$/.test(call.method ?? ''))
    headers.push('Content-Length', '0')
  if (!tellsAddress) return headers
  const address = call.socket.remoteAddress ?? ''
  const before = call.headers['x-forwarded-for']
  const at = headers.findIndex((name, place) => place % 2 === 0 && name.toLowerCase() === 'x-forwarded-for')
  if (at < 0) headers.push('X-Forwarded-For', address)
  else headers[at + 1] = `${String(before)}, ${address}`
  return headers
}
