import { deleteAuditEntries } from '../db/audit-entries.js'
import { deleteExpiredRows, trimOutbox } from '../db/expired-rows.js'
import type { Services } from './method.js'

const outboxLength = 200
const dayMilliseconds = 86_400_000

/** Deletes what has expired, and of the audit what is older than AUDIT_DAYS. */
export async function keepHouse({
  db,
  clock,
  config,
  log,
}: Pick<Services, 'db' | 'clock' | 'config' | 'log'>): Promise<void> {
  const now = clock.now()
  const expired = await deleteExpiredRows(db, now)
  const audited = await deleteAuditEntries(db, now - config.auditDays * dayMilliseconds)
  await trimOutbox(db, outboxLength)
  if (expired + audited > 0) log.debug({ count: expired + audited }, 'expired rows were deleted')
}
