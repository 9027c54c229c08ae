import type { RequestHandler, Response } from 'express'
import { type GatewayError } from '../outcome/errors.js'
import { asGatewayError } from '../outcome/failures.js'
import type { Services } from '../services/services.js'
import { createClientAddress } from './client-address.js'
import { createGuard } from './guard.js'

/** The guard for what is no method and no page: blocked addresses are answered 403, floods 429. */
export function createGuardHandler(services: Services): RequestHandler {
  const guard = createGuard(services)
  const addressOf = createClientAddress(services.config.trustProxy)
  return (request, response, next) => {
    try {
      guard(addressOf(request))
    } catch (thrown) {
      return sendPlainError(response, asGatewayError(thrown))
    }
    next()
  }
}

/** An error where no dialect is spoken: the passport gateway's number and text, and a status that says what it is. */
export function sendPlainError(response: Response, error: GatewayError): void {
  const [code, message] = error.entry.passport
  if (error.retryAfter !== undefined) response.set('Retry-After', String(error.retryAfter))
  response.status(error.httpStatus('account')).set('Cache-Control', 'no-store').json({ code, message })
}
