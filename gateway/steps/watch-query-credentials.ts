import type { Incoming } from '../dialects/dialect.js'
import { GatewayError } from '../outcome/errors.js'
import type { Services } from '../services/services.js'
import type { Passage } from './passage.js'

/**
 * Counts calls whose password stands in the query, which proxies and browsers write into logs and histories. Throws
 * PARAM_ERROR where the application is refused them; in development an answer's X-Error-Detail tells of it.
 */
export function watchQueryCredentials(passage: Passage, { metrics, config }: Services): void {
  const { method, app, incoming } = passage
  const name = method.contract.credentialNames.find((name) => isInQuery(name, incoming))
  if (name === undefined) return
  metrics.countQueryCredential(method.name, app?.name ?? 'none')
  const detail = `${name}: is a password, and belongs into the body of a POST`
  if (app?.queryCredentials === 'refuse') throw new GatewayError('PARAM_ERROR', { detail })
  if (config.environment === 'development') passage.resultProblem = detail
}

/** Without a body all parameters are of the query. */
function isInQuery(name: string, { params, queryNames }: Incoming): boolean {
  return params[name] !== undefined && (queryNames === undefined || queryNames.includes(name))
}
