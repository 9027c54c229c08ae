import { randomBytes } from 'node:crypto'
import {
  type CallWatchRow,
  endCallWatch,
  findCallWatch,
  insertCallWatch,
  listCallWatches,
} from '../../../db/call-watches.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import { userExists } from '../../../db/users.js'
import type { SignedInOrigin } from '../../../gateway/contract/method.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { watchesKey } from '../../../gateway/services/telemetry/call-watches.js'
import { requireNobodyAbove } from '../administration/ranks.js'
import { audit } from '../audit.js'

/** Whose calls are to be watched. */
export interface WatchSubject {
  readonly kind: CallWatchRow['kind']
  readonly subject: string
}

const minute = 60_000
/** For so long after its end what a watch saw may be read. */
const afterlife = 15 * minute
/** Each costs every call of every node some work. */
const mostLive = 10

/**
 * Begins to watch calls of an application or a user on all nodes; another watch of the same administrator ends. Throws
 * PARAM_ERROR where there is no such application, USER_NOT_EXISTS where there is no such user, OPERATION_FAILED for an administrator above, TOO_MANY_REQUESTS where ten
 * administrators watch already.
 */
export async function startWatch(
  services: Services,
  { kind, subject, minutes }: WatchSubject & { readonly minutes: number },
  call: SignedInOrigin,
): Promise<CallWatchRow> {
  await refuseUnknown(services, { kind, subject })
  if (kind === 'user') await requireNobodyAbove(services, Number(subject), call)
  const watch = await transaction(services, async (services) => {
    const { db, clock } = services
    const now = clock.now()
    const live = await listCallWatches(db, now)
    const own = live.filter(({ admin_id }) => admin_id === call.session.userId)
    for (const before of own) await endWatch(services, before.watch_id, call)
    if (live.length - own.length >= mostLive) throw new GatewayError('TOO_MANY_REQUESTS', { retryAfter: 60 })
    const row: CallWatchRow = {
      watch_id: randomBytes(8).toString('hex'),
      kind,
      subject,
      admin_id: call.session.userId,
      started_at: now,
      ends_at: now + minutes * minute,
      expires_at: now + minutes * minute + afterlife,
    }
    await insertCallWatch(db, row)
    await audit(services, call, {
      ...targetOf(row),
      detail: `${row.watch_id}: ${kind} ${subject}, ${minutes} minutes`,
    })
    return row
  })
  await tellOfChange(services)
  return watch
}

/** Ends a watch, whoever began it. Throws PARAM_ERROR where none of this id is live. */
export async function stopWatch(services: Services, watchId: string, call: SignedInOrigin): Promise<void> {
  await transaction(services, (services) => endWatch(services, watchId, call))
  await tellOfChange(services)
}

async function endWatch(
  services: InTransaction<Pick<Services, 'db' | 'clock'>>,
  watchId: string,
  call: SignedInOrigin,
): Promise<void> {
  const { db, clock } = services
  const watch = await findCallWatch(db, watchId)
  if (!watch || !(await endCallWatch(db, watchId, clock.now())))
    throw new GatewayError('PARAM_ERROR', { detail: 'watch_id: no watch of this id is live' })
  const detail = `${watchId}: ${watch.kind} ${watch.subject}, ended`
  await audit(services, call, { ...targetOf(watch), detail })
}

function targetOf({ kind, subject }: WatchSubject): { readonly targetId?: number } {
  return kind === 'user' ? { targetId: Number(subject) } : {}
}

async function refuseUnknown(
  { db, apps }: Pick<Services, 'db' | 'apps'>,
  { kind, subject }: WatchSubject,
): Promise<void> {
  if (kind === 'app') {
    if (!apps.find(subject)) throw new GatewayError('PARAM_ERROR', { detail: 'subject: no such application' })
  } else if (!/^\d{1,10}$/.test(subject) || !(await userExists(db, Number(subject))))
    throw new GatewayError('USER_NOT_EXISTS', { detail: 'subject: the id of a user' })
}

/** This node sees it at once, and so do others with Redis. */
async function tellOfChange({ cache, callWatches }: Pick<Services, 'cache' | 'callWatches'>): Promise<void> {
  await callWatches.refresh()
  cache.drop(watchesKey)
}
