import { bindAddress, unbindAddress } from '../../../db/bindings.js'
import { findAddressOfUser, findAddressOwner } from '../../../db/address-owners.js'
import type { InTransaction } from '../../../db/transaction.js'
import type { CallerRow } from '../../../db/credentials.js'
import { updateMobile } from '../../../db/user-info.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { type NumberColumns, readColumns, readMobile } from '../contacts/account-mobiles.js'
import { type Mobile, toE164 } from '../contacts/mobiles.js'
import { queueNumberNotice } from '../contacts/notice-recipients.js'
import { hasOtherWayIn } from './ways.js'

/** A row's number as it is owned: `+8613912345678`. */
export function ownedForm(columns: NumberColumns | undefined): string | undefined {
  const mobile = columns && readColumns(columns)
  return mobile && toE164(mobile)
}

/** Makes a number the user's own, and returns whether it is a new one. Throws MOBILE_TAKEN. */
export async function storeMobile(
  services: InTransaction<Services>,
  caller: NumberColumns & Pick<CallerRow, 'user_id'>,
  mobile: Mobile,
): Promise<boolean> {
  const { db, clock } = services
  const user_id = caller.user_id
  const value = toE164(mobile)
  const now = clock.now()
  // Without waiting for locks, as most who come too late are much too late.
  const owner = await findAddressOwner(db, 'mobile', value)
  if (owner && owner.verified_at !== null && owner.user_id !== user_id) throw new GatewayError('MOBILE_TAKEN')
  const former = await findAddressOfUser(db, 'mobile', user_id)
  const isNew = former?.value !== value || former.verified_at === null || ownedForm(caller) !== value
  if (!isNew) return false
  // The number that is shown gives way; others that the shop has bound to the user stay.
  const replaced = ownedForm(caller) ?? former?.value
  const own = { kind: 'mobile', value, user_id, verified_at: now, created_at: now } as const
  if (!(await bindAddress(db, own, replaced))) throw new GatewayError('MOBILE_TAKEN')
  await updateMobile(db, user_id, `+${mobile.area}`, mobile.number)
  const isChange = former && former.verified_at !== null && former.value !== value
  await queueNumberNotice(services, user_id, isChange ? readMobile(former.value) : undefined)
  return true
}

/**
 * Takes the number from the user's row, and gives it up if the user can sign in without it. Else it stays a way in
 * until another is bound: the apps change a number by unbinding it first (account.md §7).
 */
export async function releaseMobile(services: InTransaction<Services>, caller: CallerRow): Promise<true> {
  const { db, clock, queue } = services
  const { user_id } = caller
  const value = ownedForm(caller) ?? ''
  if (await hasOtherWayIn(services, caller, 'mobile')) {
    const own = await findAddressOfUser(db, 'mobile', user_id)
    const told = own && own.verified_at !== null && readMobile(own.value)
    if (told) await queue.add(db, 'mobile-changed', { area: told.area, mobile: told.number })
    await unbindAddress(db, { kind: 'mobile', value, user_id })
  } else {
    // Bound, as it is no longer shown: a number that is neither is nobody's. The code has proved it.
    const now = clock.now()
    await bindAddress(db, { kind: 'mobile', value, user_id, verified_at: now, created_at: now })
  }
  await updateMobile(db, user_id, caller.user_intl || '+86', '')
  return true
}
