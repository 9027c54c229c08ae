import {
  type CallWatchRow,
  findCallWatch,
  listCallWatches,
  listWatchedCalls,
} from '../../../db/call-watches.js'
import type { SignedInOrigin } from '../../../gateway/contract/method.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { mostWatchedCalls } from '../../../gateway/services/telemetry/call-watches.js'
import type { WatchedCall } from './watched-calls.js'

/** Who watches what until when. */
export async function listWatches({ db, clock }: Pick<Services, 'db' | 'clock'>): Promise<CallWatchRow[]> {
  return listCallWatches(db, clock.now())
}

/** The newest calls that a watch has seen, for who began it: that is what the audit knows. Throws PARAM_ERROR for others. */
export async function readWatch(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  watchId: string,
  { session }: SignedInOrigin,
) {
  const watch = await findCallWatch(db, watchId)
  if (watch?.admin_id !== session.userId)
    throw new GatewayError('PARAM_ERROR', { detail: 'watch_id: no watch of yours' })
  const most = mostWatchedCalls.proved + mostWatchedCalls.unproved
  const rows = await listWatchedCalls(db, watchId, most)
  const calls = rows.map(({ call_id, is_proved, happened_at, content }) => {
    const call: WatchedCall = JSON.parse(content)
    return { call_id, is_proved: is_proved === 1, happened_at, ...call }
  })
  return { watch, isLive: watch.ends_at > clock.now(), calls }
}

export function describeWatch({ watch_id, kind, subject, admin_id, started_at, ends_at }: CallWatchRow) {
  return {
    watch_id,
    kind,
    subject,
    admin_id,
    started_at,
    ends_at,
  }
}
