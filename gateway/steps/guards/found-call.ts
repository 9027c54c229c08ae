import type { ClientApp } from '../../services/apps/apps.js'
import type { GuardName } from '../../services/apps/guards.js'
import type { Services } from '../../services/services.js'
import { type Passage, seenCallOf } from '../passage.js'

/** A call that a guard of its application finds something in. */
export interface FoundCall extends Pick<Passage, 'method' | 'incoming' | 'scheme'> {
  readonly app: ClientApp
  /** What was found, by names and without a value. */
  readonly reason: string
}

const words: Readonly<Record<GuardName, string>> = {
  trust: 'needs a trusted application',
  recut: 'can be re-cut',
  'query-credentials': 'has a password in its query',
  scheme: 'is signed in the legacy scheme',
}

/**
 * Counts a call in which a guard found something, by who calls, and returns whether it is to be refused. One that is let
 * through in report-only is logged, once for each caller between two batches of the counts.
 */
export function isRefused(
  guard: GuardName,
  call: FoundCall,
  { callers, clock, log }: Pick<Services, 'callers' | 'clock' | 'log'>,
): boolean {
  const isNew = callers.countFinding(seenCallOf(call), guard)
  const state = call.app.guards.stateOf(guard, clock.now())
  if (state === 'report' && isNew) log.warn(describe(call), `a call that ${words[guard]} was reported`)
  return state === 'refuse'
}

function describe({ app, method, incoming, reason }: FoundCall) {
  const { requestId, ip } = incoming.head
  return { requestId, method: method.name, app: app.name, ip, reason }
}
