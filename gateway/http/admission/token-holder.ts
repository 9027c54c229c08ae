import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isLocalCall } from '../local-call.js'

/** Whether a request holds one of these bearer tokens; where there are none, whether it is made on this machine. */
export function holdsToken(request: IncomingMessage, tokens: readonly string[]): boolean {
  // A proxy on this machine that adds no headers makes everybody local, so a token is asked of everybody.
  if (tokens.length === 0) return isLocalCall(request)
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const given = (request.headers.authorization ?? '').replace(/^Bearer\s+/i, '')
  return tokens.some((token) => timingSafeEqual(digest(given), digest(token)))
}
