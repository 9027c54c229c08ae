import type { IncomingHttpHeaders } from 'node:http'
import type { Config } from '../../config/config.js'
import type { HeaderList } from '../dialects/dialect.js'

/** Headers that let pages of other origins read an answer (account.md §1). */
export type Cors = (headers: IncomingHttpHeaders) => HeaderList | undefined

const forEveryOrigin: HeaderList = Object.entries({
  'Access-Control-Allow-Credentials': 'true',
  'Access-Control-Expose-Headers': 'Authorization',
  Vary: 'Origin',
}).flat()

export function createCors(origins: Config['corsOrigins']): Cors {
  return ({ origin }) => {
    if (origin === undefined || (origins !== 'any' && !origins.includes(origin))) return undefined
    return ['Access-Control-Allow-Origin', origin, ...forEveryOrigin]
  }
}

/** What a browser asks before it sends a request with headers of its own; kept for an hour. */
export function preflightHeaders(headers: IncomingHttpHeaders): HeaderList {
  const wanted = headers['access-control-request-headers'] ?? 'Authorization, Content-Type'
  return Object.entries({
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers': wanted,
    'Access-Control-Max-Age': '3600',
  }).flat()
}
