import type { IncomingHttpHeaders } from 'node:http'
import type { Config } from '../config/config.js'

/** Headers that let pages of other origins read an answer (account.md §1). */
export type Cors = (headers: IncomingHttpHeaders) => Readonly<Record<string, string>> | undefined

export function createCors(origins: Config['corsOrigins']): Cors {
  return ({ origin }) => {
    if (origin === undefined || (origins !== 'any' && !origins.includes(origin))) return undefined
    return {
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Expose-Headers': 'Authorization',
      Vary: 'Origin',
    }
  }
}

/** What a browser asks before it sends a request with headers of its own; kept for an hour. */
export function preflightHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return {
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers':
      headers['access-control-request-headers'] ?? 'Authorization, Content-Type',
    'Access-Control-Max-Age': '3600',
  }
}
