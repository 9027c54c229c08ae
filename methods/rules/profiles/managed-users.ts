import type { ManagedUserRow } from '../../../db/managed-users.js'
import type { Contracts } from '../../../schemas/contracts.js'
import { readMobile } from '../contacts/account-mobiles.js'
import { normaliseEmail } from '../contacts/emails.js'
import { toE164 } from '../contacts/mobiles.js'
import { absolutePictureAddress, splitPictures } from './picture-addresses.js'
import { describeUserFields } from './fields.js'

type ManagedUser = Contracts['manage.account.user.list']['result']['items'][number]

/** A number and an address as they are owned; what is no number is looked for as it is, and found nowhere. */
export function ownedContacts({
  user_mobile: mobile = '',
  user_email: email = '',
}: {
  readonly user_mobile?: string
  readonly user_email?: string
}) {
  const number = readMobile(mobile)
  return { user_mobile: number ? toE164(number) : mobile, user_email: normaliseEmail(email) }
}

/** A user in a list for administrators: no password, no salt, the number of the identity card masked. */
export function describeManagedUser(
  row: ManagedUserRow,
  { publicUrl }: { readonly publicUrl: string },
): ManagedUser {
  return {
    user_state: row.user_state,
    user_level_id: row.user_level_id,
    user_level_name: row.user_level_name ?? '',
    user_from: row.user_from ?? 2310,
    user_reg_time: row.user_reg_time,
    user_reg_ip: row.user_reg_ip ?? '',
    user_lastlogin_time: row.user_lastlogin_time ?? 0,
    user_lastlogin_ip: row.user_lastlogin_ip ?? '',
    user_count_login: row.user_count_login ?? 0,
    certificate_time: row.certificate_time,
    ...describeUserFields(row, publicUrl),
  }
}

/** The same with the certificate, for who reviews it. */
export function describeManagedUserWithCertificate(
  row: ManagedUserRow,
  config: { readonly publicUrl: string },
): Contracts['manage.account.user.get']['result'] {
  const images = splitPictures(row.user_idcard_images ?? '')
  return {
    user_idcard_image_list: images.map((image) => absolutePictureAddress(image, config.publicUrl)),
    review_time: row.review_time,
    reviewer_id: row.reviewer_id ?? 0,
    review_note: row.review_note ?? '',
    ...describeManagedUser(row, config),
  }
}
