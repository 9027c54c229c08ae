import { deleteAuditEntries } from '../../db/audit-entries.js'
import { deleteCredentialCallers } from '../../db/credential-callers.js'
import { deleteExpiredRows } from '../../db/expired-rows.js'
import { trimOutbox } from '../../db/outbox-messages.js'
import { restoreLocks } from '../../db/users.js'
import { deleteWechatEvents } from '../../db/wechat-events.js'
import type { Services } from '../services/services.js'

const outboxLength = 200
const dayMilliseconds = 86_400_000
const wechatEventDays = 30
const credentialCallerDays = 90

/** Sets locks again that the old shop undid; deletes what has expired, of the audit what is older than AUDIT_DAYS, WeChat's messages after 30 days, and callers with a password in the query 90 days after the last call. */
export async function keepHouse({
  db,
  clock,
  config,
  log,
}: Pick<Services, 'db' | 'clock' | 'config' | 'log'>): Promise<void> {
  const now = clock.now()
  const expired = await deleteExpiredRows(db, now)
  const audited = await deleteAuditEntries(db, now - config.auditDays * dayMilliseconds)
  const wechatEvents = await deleteWechatEvents(db, now - wechatEventDays * dayMilliseconds)
  const callers = await deleteCredentialCallers(db, now - credentialCallerDays * dayMilliseconds)
  await trimOutbox(db, outboxLength)
  const locked = await restoreLocks(db)
  if (locked > 0) log.warn({ count: locked }, 'users whom the old shop had unlocked were locked again')
  const count = expired + audited + wechatEvents + callers
  if (count > 0) log.debug({ count }, 'expired rows were deleted')
}
