import { insertAuditEntries } from '../../../db/audit-entries.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import { countSignIns, recordSignIns } from '../../../db/user-logins.js'
import { findExistingUsers } from '../../../db/users.js'
import type { Services } from '../../../gateway/services/services.js'
import type { SignInRecord } from '../../../gateway/services/sign-in/sign-in-records.js'

/**
 * Writes records of sign-ins: the audit, the history, and the row of each user, all or none. Of who was removed since
 * nothing but the audit is left.
 */
export async function writeSignInRecords(
  services: Pick<Services, 'db'>,
  records: readonly SignInRecord[],
): Promise<void> {
  const userIds = records.flatMap(({ signedIn }) => signedIn?.userId ?? [])
  await transaction(services, async (services) => {
    const existing = userIds.length > 0 ? await findExistingUsers(services.db, userIds) : undefined
    const isLeft = ({ signedIn }: SignInRecord) => signedIn === undefined || existing?.has(signedIn.userId)
    await insertSignInRecords(
      services,
      records.map((record) => (isLeft(record) ? record : { audit: record.audit })),
    )
  })
}

/** The same in the caller's transaction. */
export async function insertSignInRecords(
  { db }: InTransaction<Pick<Services, 'db'>>,
  records: readonly SignInRecord[],
): Promise<void> {
  await insertAuditEntries(
    db,
    records.map(({ audit }) => audit),
  )
  await recordSignIns(
    db,
    records.flatMap(({ signedIn }) => signedIn ?? []),
  )
  // Last, as these rows are what other sign-ins may wait for.
  await countSignIns(
    db,
    records.flatMap(({ signedIn, isCounted }) => (signedIn && !isCounted ? signedIn : [])),
  )
}

/**
 * Keeps a record of what is done, in no transaction: it is written within a second, or here and now where too many
 * wait already.
 */
export async function keepSignInRecord(
  services: Pick<Services, 'db' | 'signInRecords'>,
  record: SignInRecord,
): Promise<void> {
  if (!services.signInRecords.add(record)) await writeSignInRecords(services, [record])
}
