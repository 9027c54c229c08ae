import { GatewayError } from '../../outcome/errors.js'
import type { ClientApp } from '../../services/apps/apps.js'
import type { Services } from '../../services/services.js'
import { findRecut } from '../../wire/recut.js'
import { type FoundCall, isRefused } from './found-call.js'

/**
 * Refuses a call with a good legacy signature whose signed text can also be read as another call. Where the
 * application is only reported on, and always, it is counted and logged, by names and without a value. Throws
 * SIGNATURE_INVALID.
 */
export function refuseRecut(
  app: ClientApp,
  passage: Omit<FoundCall, 'app' | 'reason'>,
  services: Pick<Services, 'callers' | 'clock' | 'log' | 'metrics'>,
): void {
  const { method, incoming } = passage
  const name = findRecut(incoming.params, method.contract.parameterNames)
  if (name === undefined) return
  const { requestId, ip } = incoming.head
  const reason = `"&${name}=" stands inside a parameter`
  const outcome = isRefused('recut', { ...passage, app, reason }, services) ? 'refused' : 'reported'
  services.metrics.countRecut(app.name, outcome)
  if (outcome === 'reported') return
  services.log.warn(
    { requestId, method: method.name, app: app.name, ip, reason },
    'a call that can be re-cut was refused',
  )
  throw new GatewayError('SIGNATURE_INVALID', {
    detail: `client_secret: ${reason}; the text could be re-cut`,
  })
}
