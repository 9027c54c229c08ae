import { GatewayError } from '../outcome/errors.js'
import type { Passage } from './passage.js'

/**
 * Refuses applications whose key is known to all where the method is for those that keep theirs. Throws
 * PERMISSION_DENIED.
 */
export function requireTrust({ method, app }: Passage): void {
  if (method.trust === 'server' && app?.trust !== 'server') throw new GatewayError('PERMISSION_DENIED')
}
