import type { Incoming } from '../../dialects/dialect.js'
import { GatewayError } from '../../outcome/errors.js'
import type { Services } from '../../services/services.js'
import { type Passage, seenCallOf } from '../passage.js'
import { isRefused } from './found-call.js'

/**
 * Counts calls whose password stands in the query, which proxies and browsers write into logs and histories, by method
 * and application and by caller (`cli callers`). Throws PARAM_ERROR where the application is refused them; in
 * development an answer's X-Error-Detail tells of it.
 */
export function watchQueryCredentials(passage: Passage, services: Services): void {
  const { method, app } = passage
  const detail = findCredential(passage)
  if (detail === undefined) return
  const { metrics, callers, config } = services
  metrics.countQueryCredential(method.name, app?.name ?? 'none')
  if (!app) callers.countFinding(seenCallOf(passage), 'query-credentials')
  else if (isRefused('query-credentials', { ...passage, app, reason: detail }, services))
    throw new GatewayError('PARAM_ERROR', { detail })
  if (config.environment === 'development') passage.resultProblem = detail
}

/** What is wrong with the query, if it shows what nobody but the caller may know. */
function findCredential({ method, incoming }: Passage): string | undefined {
  const name = method.contract.credentialNames.find((name) => isInQuery(name, incoming))
  if (name !== undefined) return `${name}: is a password, and belongs into the body of a POST`
  if (!isInQuery('private_key', incoming)) return undefined
  return 'private_key: is part of the signed text, and is never sent'
}

/** Without a body all parameters are of the query. */
function isInQuery(name: string, { params, queryNames }: Incoming): boolean {
  return params[name] !== undefined && (queryNames === undefined || queryNames.includes(name))
}
