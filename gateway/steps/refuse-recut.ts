import { GatewayError } from '../outcome/errors.js'
import type { ClientApp } from '../services/apps/apps.js'
import type { Services } from '../services/services.js'
import { findRecut } from '../wire/recut.js'
import type { Passage } from './passage.js'

/**
 * Refuses a call with a good legacy signature whose signed text can also be read as another call. Where the
 * application is only reported on, and always, it is counted and logged, by names and without a value. Throws
 * SIGNATURE_INVALID.
 */
export function refuseRecut(
  app: ClientApp,
  { method, incoming }: Pick<Passage, 'method' | 'incoming'>,
  { log, metrics }: Pick<Services, 'log' | 'metrics'>,
): void {
  const name = findRecut(incoming.params, method.contract.parameterNames)
  if (name === undefined) return
  const { requestId, ip } = incoming.head
  const reason = `"&${name}=" stands inside a parameter`
  const outcome = app.recut === 'refuse' ? 'refused' : 'reported'
  metrics.countRecut(app.name, outcome)
  log.warn(
    { requestId, method: method.name, app: app.name, ip, reason },
    `a call that can be re-cut was ${outcome}`,
  )
  if (outcome === 'refused')
    throw new GatewayError('SIGNATURE_INVALID', {
      detail: `client_secret: ${reason}; the text could be re-cut`,
    })
}
