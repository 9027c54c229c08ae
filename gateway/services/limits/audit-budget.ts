import type { Clock } from '../clock.js'
import type { Log } from '../telemetry/log.js'
import { createFloodWindow } from './flood-window.js'
import { networkKey } from './limit-key.js'

/** How much of what strangers fail at is written into the audit: else they could fill it, and hide in it. */
export interface AuditBudget {
  /** Whether one more failure of an address is written down. */
  takes(ip: string): boolean
}

/** Failures an hour that a process writes down: of one network, and of all. */
const ofNetwork = 100
const ofAll = 2000
const seconds = 3600

/** `ipScale` multiplies what is written of a network (LIMIT_IP_SCALE). */
export function createAuditBudget(ipScale: number, clock: Clock, log: Log): AuditBudget {
  const networks = createFloodWindow(ofNetwork * ipScale, seconds, clock)
  const all = createFloodWindow(ofAll, seconds, clock)
  const warnings = createFloodWindow(1, seconds, clock)
  return {
    takes(ip) {
      const network = networkKey(ip)
      const isSpent = networks.exceeded(network) !== undefined || all.exceeded('all') !== undefined
      if (isSpent && warnings.exceeded('one') === undefined)
        log.warn({ address: network }, 'so many sign-ins fail that not all are in the audit of this hour')
      return !isSpent
    },
  }
}
