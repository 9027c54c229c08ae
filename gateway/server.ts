import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import type { Gateway } from './gateway.js'
import { refuseBrokenRequest } from './http/broken-requests.js'
import { type DrainState, drainServer } from './http/drain.js'
import { plainTarget, shownPath } from './http/edge.js'
import { endEmptyRequest } from './http/empty-requests.js'
import { createForeignHostRefusal } from './http/foreign-host.js'
import { createGuardHandler, sendPlainError } from './http/guarded.js'
import { prepareExpressClasses } from './http/express-classes.js'
import { createShadowRefusal } from './http/admission/shadow-calls.js'
import { closeSilentConnections } from './http/silent-connections.js'
import { GatewayError } from './outcome/errors.js'
import { createConsolePages, createRouter, serveCall } from './router.js'
import type { Services } from './services/services.js'

/** Our own HTTP server, listening. */
export interface GatewayServer {
  readonly port: number
  readonly url: string
  /** Stops taking connections (after DRAIN_SECONDS), answers what is under way, then closes. No request that arrived is lost. */
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
  /** While draining: how long connections are taken all the same (DRAIN_SECONDS). */
  readonly linger: number
  /** While draining: how long clients with open connections are told to leave before idle ones are closed. */
  readonly leave: number
  /** While draining: how long calls that are under way may take after that. */
  readonly finish: number
}

const defaultTimeouts: Omit<ServerTimeouts, 'linger'> = {
  headers: 10_000,
  request: 20_000,
  keepAlive: 65_000,
  leave: 1000,
  finish: 10_000,
}

/** Starts listening. Calls are served straight from the HTTP server; Express has the pages and the rest. */
export async function startServer(
  gateway: Gateway,
  services: Services,
  changedTimeouts: Partial<ServerTimeouts> = {},
): Promise<GatewayServer> {
  const linger = services.config.drainSeconds * 1000
  const timeouts: ServerTimeouts = { ...defaultTimeouts, linger, ...changedTimeouts }
  const state: DrainState = { draining: false, leaving: false }
  const app = createExpressApp(gateway, services, state)
  const { Request, Response } = prepareExpressClasses(app, state)
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
  const guarded = createGuardHandler(services)
  const refuseUnknown = (request: Request, response: Response) =>
    guarded(request, response, () => refuseUnknownPath(response))
  const refuseForeign = createForeignHostRefusal(services)
  const refuseShadow = createShadowRefusal(services)
  server.on('request', (request, response) => {
    endEmptyRequest(request)
    if (refuseForeign?.(request, response) || refuseShadow?.(request, response)) return
    if (serveCall(gateway, request, response)) return
    request.url = plainTarget(request.url ?? '')
    app(request as Request, response as Response, () =>
      refuseUnknown(request as Request, response as Response),
    )
  })
  server.on('clientError', refuseBrokenRequest)
  await listen(server, services.config)
  const { port } = server.address() as AddressInfo
  const endStreams = () => services.eventStreams.endOf(server)
  const host = services.config.host.includes(':') ? `[${services.config.host}]` : services.config.host
  return {
    port,
    url: `http://${host}:${port}`,
    drain: () => drainServer(server, state, { ...timeouts, endStreams }),
  }
}

function createExpressApp(gateway: Gateway, services: Services, state: DrainState): Express {
  const app = express()
  app.disable('x-powered-by').disable('etag').set('query parser', false)
  const { path } = services.config.consolePlace
  const readiness = { isDraining: () => state.draining }
  app.use(createRouter(gateway, services, readiness))
  if (gateway.hasConsole && path === '') app.use(createConsolePages(gateway, services))
  // As in somebody else's application: pages ask for what they need by relative addresses, calls too.
  if (gateway.hasConsole && path !== '') app.use(path, createRouter(gateway, services, readiness))
  // Express knows an error handler by its four parameters.
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    services.log.error({ path: shownPath(request.path), error }, 'a page failed')
    sendPlainError(response, new GatewayError('CRASH'))
  })
  return app
}

/** The last word: Express's own would wait for the end of a request, which has passed where that had no body. */
function refuseUnknownPath(response: Response): void {
  sendPlainError(response, new GatewayError('METHOD_NOT_FOUND'))
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
