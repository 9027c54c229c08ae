import { deleteAuditEntries } from '../../db/audit-entries.js'
import { deleteCallers, foldOldNetworks } from '../../db/callers.js'
import { deleteExpiredRows } from '../../db/expired-rows.js'
import { deleteNodeMinutes } from '../../db/node-minutes.js'
import { trimOutbox } from '../../db/outbox-messages.js'
import { deletePasswordFormCounts } from '../../db/password-form-counts.js'
import { transaction } from '../../db/transaction.js'
import { restoreLocks } from '../../db/users.js'
import { deleteWechatEvents } from '../../db/wechat-events.js'
import type { Services } from '../services/services.js'

const outboxLength = 200
/** A shadow asks for codes of some minutes ago. */
const capturedLength = 10_000
const dayMilliseconds = 86_400_000
const wechatEventDays = 30
const networkDays = 90
const callerDays = 400
const passwordFormDays = 400
/** An hour more than the console shows. */
const nodeMinuteHours = 25

/**
 * Sets locks again that the old shop undid; deletes what has expired, of the audit what is older than AUDIT_DAYS, WeChat's
 * messages after 30 days, callers 400 days after their last call and their networks after 90, what nodes did each minute after 25 hours, and counts of password forms after 400 days. What fails is
 * logged, and keeps nothing else from being done.
 */
export async function keepHouse({
  db,
  clock,
  config,
  log,
}: Pick<Services, 'db' | 'clock' | 'config' | 'log'>): Promise<void> {
  const daysAgo = (days: number) => clock.now() - days * dayMilliseconds
  const attempt = async (work: () => Promise<number>): Promise<number> => {
    try {
      return await work()
    } catch (error) {
      log.warn({ error }, 'a part of the housekeeping failed')
      return 0
    }
  }
  const locked = await attempt(() => restoreLocks(db))
  if (locked > 0) log.warn({ count: locked }, 'users whom the old shop had unlocked were locked again')
  let count = 0
  for (const work of [
    () => deleteExpiredRows(db, clock.now()),
    () => deleteAuditEntries(db, daysAgo(config.auditDays)),
    () => deleteWechatEvents(db, daysAgo(wechatEventDays)),
    () => transaction({ db }, ({ db }) => foldOldNetworks(db, daysAgo(networkDays))),
    () => deleteCallers(db, daysAgo(callerDays)),
    () => deleteNodeMinutes(db, daysAgo(nodeMinuteHours / 24)),
    () => deletePasswordFormCounts(db, daysAgo(passwordFormDays)),
    () => trimOutbox(db, config.capture ? capturedLength : outboxLength),
  ])
    count += await attempt(work)
  if (count > 0) log.debug({ count }, 'expired rows were deleted')
}
