import { GatewayError } from '../../outcome/errors.js'
import type { Services } from '../../services/services.js'
import type { Passage } from '../passage.js'
import { isRefused } from './found-call.js'

/**
 * Refuses applications whose key is known to all where the method is for those that keep theirs, and reports those that
 * would be, were they no longer trusted. Throws PERMISSION_DENIED.
 */
export function requireTrust({ method, app, incoming, scheme }: Passage, services: Services): void {
  if (method.trust === 'server' && app?.trust !== 'server') throw new GatewayError('PERMISSION_DENIED')
  if (app?.guards.reportOnly === undefined) return
  const isForTrusted = method.trust === 'server' || method.auth === 'app-or-permission'
  if (isForTrusted && app.guards.stateOf('trust', services.clock.now()) === 'report')
    isRefused('trust', { app, method, incoming, scheme, reason: 'the method is for trust server' }, services)
}
