import type { Knex } from 'knex'
import { findIdentityOfUser } from '../../../db/identities.js'
import { findUserInfo } from '../../../db/users.js'
import type { Services } from '../../../gateway/services/services.js'
import type { NoticeRecipient } from '../../../gateway/services/delivery-queue.js'
import { readMobile } from './account-mobiles.js'
import { fromColumns, type Mobile } from './mobiles.js'

/**
 * Where a user is told of a change to his account: his verified e-mail address, else his verified number. Looked up in
 * the transaction of the change: later the addresses may be somebody else's.
 */
export async function findNoticeRecipient(db: Knex, userId: number): Promise<NoticeRecipient | undefined> {
  const email = await findVerifiedEmail(db, userId)
  if (email !== undefined) return { email }
  const identity = await findIdentityOfUser(db, 'mobile', userId)
  if (!identity || identity.verified_at === null) return undefined
  const { area, number } = readMobile(identity.value) ?? (await findShownMobile(db, userId))
  return number === '' ? undefined : { area, mobile: number }
}

/** Queues word of a user's new number: to the former one, else to his verified e-mail address. */
export async function queueNumberNotice(
  db: Knex,
  { queue }: Pick<Services, 'queue'>,
  userId: number,
  former: Mobile | undefined,
): Promise<void> {
  if (former) return queue.add(db, 'mobile-changed', { area: former.area, mobile: former.number })
  const email = await findVerifiedEmail(db, userId)
  if (email !== undefined) await queue.add(db, 'mobile-added', { email })
}

async function findVerifiedEmail(db: Knex, userId: number): Promise<string | undefined> {
  const email = await findIdentityOfUser(db, 'email', userId)
  return email && email.verified_at !== null ? email.value : undefined
}

/** As his row has it: where an area is unknown, the number does not tell where it begins. */
async function findShownMobile(db: Knex, userId: number): Promise<Mobile> {
  const info = await findUserInfo(db, userId)
  return fromColumns(info?.user_intl ?? null, info?.user_mobile ?? null)
}
