import type { IncomingMessage, ServerResponse } from 'node:http'
import { findShopToken } from '../dialects/shop-token.js'
import { asGatewayError } from '../outcome/failures.js'
import type { Services } from '../services/services.js'
import { verifyOrNobody } from '../services/sign-in/sessions.js'
import { createClientAddress } from './client-address.js'
import { createGuard } from './guard.js'

/** Where a proxy asks before it passes a call on to the rest of a shop; nothing of the shop's has such a path. */
export const tokenCheckPath = '/token-check'

const verbs = ['GET', 'HEAD']

/**
 * Answers a proxy, by the HTTP status alone, whether a call may go to the rest of the shop (account-beside.md §2.3
 * rule 4): 204 for a live token and for none, 401 for any other. The proxy passes on the caller's headers, and the
 * target that the caller asked for in `X-Original-URI`.
 */
export function createTokenCheck(
  services: Services,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { log, metrics, sessions, config } = services
  const addressOf = createClientAddress(config.trustProxy)
  const guard = createGuard(services)
  const check = async ({ headers, url = '' }: IncomingMessage) => {
    const original = headers['x-original-uri']
    const token = findShopToken(headers, typeof original === 'string' ? original : url)
    if (token === undefined) return 'none'
    return (await verifyOrNobody(token, sessions)) ? 'live' : 'dead'
  }
  return async (request, response) => {
    if (!verbs.includes(request.method ?? '')) return end(response, 405, { Allow: verbs.join(', ') })
    const ip = addressOf(request)
    try {
      guard(ip)
      const outcome = await check(request)
      metrics.countTokenCheck(outcome)
      end(response, outcome === 'dead' ? 401 : 204)
    } catch (thrown) {
      const error = asGatewayError(thrown)
      if (error.cause !== undefined)
        log.error({ path: tokenCheckPath, ip, error }, 'a token could not be checked')
      metrics.countTokenCheck('refused')
      const status = error.httpStatus('account')
      // What an envelope would say with 200 must not let the call pass.
      end(response, status < 400 ? 500 : status)
    }
  }
}

function end(response: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void {
  const length = status === 204 ? {} : { 'Content-Length': '0' }
  response.writeHead(status, { 'Cache-Control': 'no-store', ...length, ...headers }).end()
}
