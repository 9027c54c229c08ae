import {
  createServer,
  IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  type Server,
  ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { pathOf } from './http/edge.js'
import { endEmptyRequest } from './http/empty-requests.js'
import { GatewayError } from './outcome/errors.js'
import type { Gateway } from './gateway.js'
import type { Services } from './services/services.js'
import { createRouter, gatewayPaths } from './router.js'
import { closeSilentConnections } from './http/silent-connections.js'

type OutgoingHeaders = OutgoingHttpHeaders | OutgoingHttpHeader[]

/** Our own HTTP server, listening. */
export interface GatewayServer {
  readonly port: number
  readonly url: string
  /** Stops taking connections, answers what is under way, then closes. No request that arrived is lost. */
  drain(): Promise<void>
}

/** How long the server waits, in milliseconds. */
export interface ServerTimeouts {
  /** For the whole head of a request. */
  readonly headers: number
  /** For a whole request, its body included. */
  readonly request: number
  /** For the next byte on an open connection. */
  readonly keepAlive: number
  /** While draining: how long clients with open connections are told to leave before idle ones are closed. */
  readonly leave: number
  /** While draining: how long calls that are under way may take after that. */
  readonly finish: number
}

const defaultTimeouts: ServerTimeouts = {
  headers: 10_000,
  request: 20_000,
  keepAlive: 65_000,
  leave: 1000,
  finish: 10_000,
}

/** How long a refused client may take to read why, before its connection is cut. */
const lingerMilliseconds = 1000

/** Starts listening. `/gateway` is served straight from the HTTP server; Express has the rest. */
export async function startServer(
  gateway: Gateway,
  services: Services,
  changedTimeouts: Partial<ServerTimeouts> = {},
): Promise<GatewayServer> {
  const timeouts = { ...defaultTimeouts, ...changedTimeouts }
  const state = { draining: false }
  const app = createExpressApp(gateway, services, state)
  const { Request, Response } = prepareClasses(app, state)
  const server = createServer({
    IncomingMessage: Request,
    ServerResponse: Response,
    maxHeaderSize: 32 * 1024,
    headersTimeout: timeouts.headers,
    requestTimeout: timeouts.request,
    keepAliveTimeout: 0,
    connectionsCheckingInterval: timeouts.headers / 5,
  })
  closeSilentConnections(server, timeouts.keepAlive)
  server.on('request', (request, response) => {
    endEmptyRequest(request)
    if (gatewayPaths.has(pathOf(request.url ?? ''))) gateway.servePassport(request, response)
    else app(request as Request, response as Response, () => refuseUnknownPath(response as Response))
  })
  server.on('clientError', refuseBrokenRequest)
  await listen(server, services.config)
  const { port } = server.address() as AddressInfo
  const endStreams = () => services.eventStreams.endOf(server)
  const host = services.config.host.includes(':') ? `[${services.config.host}]` : services.config.host
  return {
    port,
    url: `http://${host}:${port}`,
    drain: () => drain(server, state, { ...timeouts, endStreams }),
  }
}

function createExpressApp(gateway: Gateway, services: Services, state: { draining: boolean }): Express {
  const app = express()
  app.disable('x-powered-by').disable('etag').set('query parser', false)
  app.use(createRouter(gateway, services, { isDraining: () => state.draining }))
  // Express knows an error handler by its four parameters.
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    services.log.error({ path: request.path, error }, 'a page failed')
    sendPlainError(response, new GatewayError('CRASH'))
  })
  return app
}

/** The last word: Express's own would wait for the end of a request, which has passed where that had no body. */
function refuseUnknownPath(response: Response): void {
  sendPlainError(response, new GatewayError('METHOD_NOT_FOUND'))
}

function sendPlainError(response: Response, error: GatewayError): void {
  const [code, message] = error.entry.passport
  response.status(error.httpStatus('passport')).set('Cache-Control', 'no-store').json({ code, message })
}

/**
 * Express sets the prototype of every request and response, which makes V8 rebuild their hidden classes and costs
 * more than all else it does. Objects that have the prototype already are left alone: three times as fast.
 */
function prepareClasses(app: Express, state: { readonly draining: boolean }) {
  class Request extends IncomingMessage {}
  class Response<T extends IncomingMessage> extends ServerResponse<T> {
    /** While the server drains, every answer asks its client to leave, also those to calls from before. */
    override writeHead(status: number, reason?: string | OutgoingHeaders, headers?: OutgoingHeaders): this {
      if (state.draining) this.shouldKeepAlive = false
      return super.writeHead(status, reason as string, headers)
    }
  }
  const prepare = (target: object, prototype: object) => {
    Object.setPrototypeOf(target, prototype)
    Object.defineProperty(target, 'app', { value: app, configurable: true, writable: true })
    return target
  }
  app.request = prepare(Request.prototype, express.request) as typeof app.request
  app.response = prepare(Response.prototype, express.response) as typeof app.response
  return { Request, Response }
}

/** A request that is no HTTP, too large or too slow: answered in JSON as far as the socket still takes it. */
function refuseBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request'
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  const [code, message] = new GatewayError('PARAM_ERROR').entry.passport
  const body = JSON.stringify({ code, message })
  const head = `Content-Type: application/json;charset=UTF-8\r\nContent-Length: ${Buffer.byteLength(body)}`
  socket.end(`HTTP/1.1 ${status}\r\n${head}\r\nConnection: close\r\n\r\n${body}`)
  // One that neither sends nor hangs up would keep its connection for ever.
  setTimeout(() => socket.destroy(), lingerMilliseconds).unref()
}

function listen(server: Server, { host, port }: Services['config']): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, 4096, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

async function drain(
  server: Server,
  state: { draining: boolean },
  { leave, finish, endStreams }: ServerTimeouts & { readonly endStreams: () => void },
): Promise<void> {
  if (state.draining) return
  state.draining = true
  endStreams()
  // Closing an idle connection at once could lose the request its client is just sending: first everybody who
  // still calls is told `Connection: close`.
  const until = Date.now() + leave
  while (Date.now() < until && (await countConnections(server)) > 0) await sleep(20)
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // Those that were opened since.
  endStreams()
  const cut = setTimeout(() => server.closeAllConnections(), finish)
  await closed
  clearTimeout(cut)
}

function countConnections(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((error, count) => resolve(error ? 0 : count)))
}
