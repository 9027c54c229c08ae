import type { ClientApp } from '../../services/apps/apps.js'
import type { Services } from '../../services/services.js'
import { type FoundCall, isRefused } from './found-call.js'

/** Reports a call in the legacy scheme of an application that is to sign by hmac-sha256 only, and does so in part already. */
export function reportLegacy(
  app: ClientApp,
  passage: Omit<FoundCall, 'app' | 'reason'>,
  services: Pick<Services, 'callers' | 'clock' | 'log'>,
): void {
  const { guards } = app
  if (guards.reportOnly && guards.stateOf('scheme', services.clock.now()) === 'report')
    isRefused('scheme', { ...passage, app, reason: 'the scheme is legacy' }, services)
}
