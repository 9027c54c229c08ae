import type { SharedUserFields } from '../../../db/user-info.js'
import { shownNumber } from '../contacts/account-mobiles.js'
import { maskIdcard } from './certificates.js'
import { fromColumns } from '../contacts/mobiles.js'
import { absolutePictureAddress } from './picture-addresses.js'

/** What a user's row holds; null where an imported user has no such row. */
type UserFieldsRow = {
  readonly [Column in keyof SharedUserFields]: SharedUserFields[Column] | null
} & { readonly user_id: number; readonly user_account: string }

/** What the user and administrators are shown alike (account.md §7). */
export function describeUserFields(row: UserFieldsRow, publicUrl: string) {
  return {
    user_id: row.user_id,
    user_account: row.user_account,
    user_nickname: row.user_nickname ?? '',
    user_avatar: absolutePictureAddress(row.user_avatar ?? '', publicUrl),
    user_intl: `+${fromColumns(row.user_intl, '').area}`,
    user_mobile: shownNumber(row),
    user_gender: row.user_gender ?? 0,
    user_birthday: describeDay(row.user_birthday),
    user_email: row.user_email ?? '',
    user_realname: row.user_realname ?? '',
    // Masked again: an imported row may still hold the number itself.
    user_idcard: maskIdcard(row.user_idcard ?? ''),
    user_is_authentication: row.user_is_authentication ?? 0,
    tag_ids: row.tag_ids ?? '',
  }
}

/** `1971-01-01 00:00:00`; null for none. */
function describeDay(stored: string | Date | null): string | null {
  const day = dayOf(stored)
  return day === null ? null : `${day} 00:00:00`
}

/** A stored day, `1971-01-01`; null for none, and for the zero date of old MySQL tables. */
export function dayOf(stored: string | Date | null): string | null {
  if (stored === null || (stored instanceof Date && Number.isNaN(stored.getTime()))) return null
  return stored instanceof Date ? stored.toISOString().slice(0, 10) : stored.slice(0, 10)
}
