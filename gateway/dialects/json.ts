import type { GatewayError } from '../outcome/errors.js'
import type { HeaderList } from './dialect.js'

/** Answers are a user's own and must not be kept by caches in between. */
const privateHeaders: HeaderList = ['Cache-Control', 'no-store', 'X-Content-Type-Options', 'nosniff']

/** Headers of every envelope. */
export const jsonHeaders: HeaderList = ['Content-Type', 'application/json;charset=UTF-8', ...privateHeaders]

/** The header that tells developers what is wrong with a parameter or a result. */
export function detailHeader(detail: string): HeaderList {
  return ['X-Error-Detail', detail.replace(/[^\x20-\x7e]/g, '?')]
}

/** Headers of an error in every envelope: when to come again, or which verbs there are, which is that error's detail. */
export function errorHeaders({ key, detail, retryAfter }: GatewayError): HeaderList {
  const wait = retryAfter === undefined ? [] : ['Retry-After', String(retryAfter)]
  return key === 'VERB_NOT_ALLOWED' ? [...wait, 'Allow', detail ?? ''] : wait
}

/** Headers of an envelope that a page loads as a script. */
export const scriptHeaders: HeaderList = ['Content-Type', 'application/javascript', ...privateHeaders]
