import type { IncomingMessage, ServerResponse } from 'node:http'
import { Router } from 'express'
import { methodPathPrefix } from './dialects/method-path.js'
import { pathOf } from './http/edge.js'
import { createTokenCheck, tokenCheckPath } from './http/token-check.js'
import type { Gateway } from './gateway.js'
import type { Services } from './services/services.js'
import { createOperationsRouter, type Readiness } from './operations.js'
import { createGuardHandler } from './http/guarded.js'
import { createOpenApiPage } from './pages/openapi.js'
import { createConsole } from './console/console.js'
import { createConsoleGate } from './console/gate.js'
import { createOutboxPage } from './pages/outbox.js'
import { createMailLinkPages } from './pages/mail-links.js'
import { asksForStartPage } from './pages/start/asked.js'
import { createStartPage } from './pages/start/page.js'
import { createUploadPages } from './pages/uploads.js'
import { createWechatLoginPages } from './pages/wechat-login.js'

/** Paths of the one endpoint (passport.md §1). */
const gatewayPaths: ReadonlySet<string> = new Set(['/gateway', '/gateway/', '/'])

const accountPath = /^\/(front|manage)\//

/** Answers a call of either endpoint, and says whether the request is one; who looks at `/` in a browser calls nothing. */
export function serveCall(gateway: Gateway, request: IncomingMessage, response: ServerResponse): boolean {
  const path = pathOf(request.url ?? '')
  if (path === '/' && gateway.hasConsole && asksForStartPage(request)) return false
  if (gatewayPaths.has(path)) gateway.servePassport(request, response)
  else if (accountPath.test(path)) gateway.serveAccount(request, response)
  else if (path.startsWith(methodPathPrefix)) gateway.servePassport(request, response)
  else return false
  return true
}

/**
 * Everything the gateway answers, as Express middleware for its own server or somebody else's application. There it
 * answers at its mount point only, and leaves the application's own `/` and unknown paths alone.
 */
export function createRouter(gateway: Gateway, services: Services, readiness: Readiness): Router {
  const router = Router({ caseSensitive: true })
  router.use((request, response, next) => {
    const isHostsOwnRoot = request.baseUrl === '' && pathOf(request.url) === '/'
    if (isHostsOwnRoot || !serveCall(gateway, request, response)) next()
  })
  router.all(tokenCheckPath, createTokenCheck(services))
  router.use(createOperationsRouter(services, readiness))
  router.use(createMailLinkPages(gateway.dispatch, services))
  router.use(createWechatLoginPages(services))
  router.use(createUploadPages(services))
  if (services.config.environment !== 'production' || services.config.capture)
    router.use(createOutboxPage(services))
  if (gateway.hasConsole) {
    const pages = createConsolePages(gateway, services)
    router.use((request, response, next) => {
      // The root of somebody's application is that application's.
      if (request.baseUrl === '') next()
      else void pages(request, response, next)
    })
  }
  return router
}

/** What stands loose at the gateway's root for developers: the start page, the console and the description of all methods. */
export function createConsolePages(gateway: Gateway, services: Services): Router {
  const router = Router({ caseSensitive: true, strict: true })
  router.use(createConsoleGate(services))
  router.use(createOpenApiPage(gateway.table, services))
  router.get('/', createGuardHandler(services), createStartPage(services))
  router.use(createConsole(gateway, services))
  return router
}
