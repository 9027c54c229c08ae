import type { ListedMessageRow } from '../../../db/listed-messages.js'
import { absolutePictureAddress } from '../profiles/picture-addresses.js'
import { describeMessage } from './descriptions.js'

/** How long a system notice is shown (account.md §6). */
export const noticeMilliseconds = 10 * 86_400_000
/** More than anybody looks through; the newest ones. */
export const mostNotices = 500

/** A notice as the admin site's bell shows it: with the picture of its user. */
export function describeNotice(row: ListedMessageRow, publicUrl: string) {
  return { ...describeMessage(row), user_avatar: absolutePictureAddress(row.user_avatar ?? '', publicUrl) }
}
