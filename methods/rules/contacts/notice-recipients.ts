import { findAddressOfUser } from '../../../db/address-owners.js'
import { findUserInfo } from '../../../db/user-info.js'
import type { Services } from '../../../gateway/services/services.js'
import type { NoticeRecipient } from '../../../gateway/services/delivery-queue.js'
import { readMobile } from './account-mobiles.js'
import { fromColumns, type Mobile } from './mobiles.js'

/**
 * Where a user is told of a change to the account: by the verified e-mail address, else by the verified number. Looked
 * up in the transaction of the change: later the addresses may be somebody else's.
 */
export async function findNoticeRecipient(
  services: Pick<Services, 'db'>,
  userId: number,
): Promise<NoticeRecipient | undefined> {
  const email = await findVerifiedEmail(services, userId)
  if (email !== undefined) return { email }
  const identity = await findAddressOfUser(services.db, 'mobile', userId)
  if (!identity || identity.verified_at === null) return undefined
  const { area, number } = readMobile(identity.value) ?? (await findShownMobile(services, userId))
  return number === '' ? undefined : { area, mobile: number }
}

/** Queues word of a user's new number: to the former one, else to the verified e-mail address. */
export async function queueNumberNotice(
  services: Pick<Services, 'db' | 'queue'>,
  userId: number,
  former: Mobile | undefined,
): Promise<void> {
  const { db, queue } = services
  if (former) return queue.add(db, 'mobile-changed', { area: former.area, mobile: former.number })
  const email = await findVerifiedEmail(services, userId)
  if (email !== undefined) await queue.add(db, 'mobile-added', { email })
}

async function findVerifiedEmail({ db }: Pick<Services, 'db'>, userId: number): Promise<string | undefined> {
  const email = await findAddressOfUser(db, 'email', userId)
  return email && email.verified_at !== null ? email.value : undefined
}

/** The number of the user's row, which tells the area apart where the identity's digits do not. */
async function findShownMobile({ db }: Pick<Services, 'db'>, userId: number): Promise<Mobile> {
  const info = await findUserInfo(db, userId)
  return fromColumns(info?.user_intl ?? null, info?.user_mobile ?? null)
}
