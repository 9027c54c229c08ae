import type { IncomingMessage, ServerResponse } from 'node:http'
import { Router } from 'express'
import { pathOf } from './http/edge.js'
import { createTokenCheck, tokenCheckPath } from './http/token-check.js'
import type { Gateway } from './gateway.js'
import type { Services } from './services/services.js'
import { createOperationsRouter, type Readiness } from './operations.js'
import { createConsolePages } from './console/console-pages.js'
import { createOutboxPage } from './pages/outbox.js'
import { createMailLinkPages } from './pages/mail-links.js'
import { createUploadPages } from './pages/uploads.js'
import { createWechatLoginPages } from './pages/wechat-login.js'

/** Paths of the one endpoint (passport.md §1). */
const gatewayPaths: ReadonlySet<string> = new Set(['/gateway', '/gateway/', '/'])

const accountPath = /^\/(front|manage)\//

/** Answers a call of either endpoint, and says whether the request is one. */
export function serveCall(gateway: Gateway, request: IncomingMessage, response: ServerResponse): boolean {
  const path = pathOf(request.url ?? '')
  if (gatewayPaths.has(path)) gateway.servePassport(request, response)
  else if (accountPath.test(path)) gateway.serveAccount(request, response)
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
  if (services.config.environment !== 'production') router.use(createOutboxPage(services))
  if (services.config.environment !== 'production') router.use(createConsolePages(services))
  return router
}
