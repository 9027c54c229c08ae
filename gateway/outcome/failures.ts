import { isContended, isDatabaseError, isDatabaseUnavailable } from '../../db/unavailable.js'
import { GatewayError } from './errors.js'

/** What a caller is told of an error that nobody threw on purpose. */
export function asGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  if (isContended(error)) return new GatewayError('CONTENTION', { retryAfter: 1, cause: error })
  if (isDatabaseUnavailable(error)) return new GatewayError('UNAVAILABLE', { retryAfter: 2, cause: error })
  return new GatewayError(isDatabaseError(error) ? 'SERVICE_ERROR' : 'CRASH', { cause: error })
}
