import { bindAddress } from '../../../db/bindings.js'
import type { InTransaction } from '../../../db/transaction.js'
import { updateEmail, type UserInfoRow } from '../../../db/user-info.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { storeMobile } from '../accounts/own-mobiles.js'
import { readColumns, shownNumber } from '../contacts/account-mobiles.js'
import { normaliseEmail, requireFreeEmail } from '../contacts/emails.js'
import { readEmailChannel } from '../codes/channels.js'
import { fromColumns, type Mobile } from '../contacts/mobiles.js'
import { findNoticeRecipient } from '../contacts/notice-recipients.js'

/** How an administrator writes a user's number and address; what is absent or empty stays. */
export interface ContactFields {
  /** `86`, `+86` and `86+` are one. */
  readonly user_intl?: string
  readonly user_mobile?: string
  readonly user_email?: string
}

type ShownContacts = Pick<UserInfoRow, 'user_intl' | 'user_mobile' | 'user_email'>

/** A number as it is written beside its area, undefined for none. Throws MOBILE_FORM. */
export function readWrittenMobile({ user_intl = '', user_mobile = '' }: ContactFields): Mobile | undefined {
  const number = user_mobile.trim()
  if (number === '') return undefined
  const mobile = readColumns({ user_intl, user_mobile: number })
  if (!mobile) throw new GatewayError('MOBILE_FORM', { detail: 'user_mobile: a number of its area' })
  return mobile
}

/** An e-mail address as it is owned, undefined for none. Throws EMAIL_FORM. */
export function readWrittenEmail({ user_email = '' }: ContactFields): string | undefined {
  if (user_email.trim() === '') return undefined
  const channel = readEmailChannel(user_email)
  if (!channel) throw new GatewayError('EMAIL_FORM', { detail: 'user_email: an e-mail address' })
  return channel.name.email
}

/**
 * Makes a number and an address the user's own without a code, on an administrator's word; the former ones are told.
 * What is sent back as it was shown stays, however malformed. Returns the columns that changed. Throws MOBILE_FORM,
 * MOBILE_TAKEN, EMAIL_FORM, EMAIL_TAKEN.
 */
export async function changeContacts(
  services: InTransaction<Services>,
  userId: number,
  { info, fields }: { readonly info: ShownContacts | undefined; readonly fields: ContactFields },
): Promise<string[]> {
  const shown = info ?? { user_intl: '+86', user_mobile: '', user_email: '' }
  const intl = fields.user_intl || shown.user_intl
  const changed: string[] = []
  const mobile = isShown(shown, { ...fields, user_intl: intl })
    ? undefined
    : readWrittenMobile({ ...fields, user_intl: intl })
  if (mobile && (await storeMobile(services, { ...shown, user_id: userId }, mobile)))
    changed.push('user_mobile')
  const email =
    fields.user_email?.trim().toLowerCase() === shown.user_email.toLowerCase()
      ? undefined
      : readWrittenEmail(fields)
  if (email !== undefined) {
    await storeEmail(services, { userId, email, former: shown.user_email })
    changed.push('user_email')
  }
  return changed
}

function isShown(shown: ShownContacts, { user_intl = '', user_mobile = '' }: ContactFields): boolean {
  const isSameArea = fromColumns(user_intl, '').area === fromColumns(shown.user_intl, '').area
  return isSameArea && user_mobile.trim() === shownNumber(shown)
}

async function storeEmail(
  services: InTransaction<Services>,
  { userId, email, former }: { readonly userId: number; readonly email: string; readonly former: string },
): Promise<void> {
  const { db, clock, queue } = services
  const now = clock.now()
  await requireFreeEmail(services, email, userId)
  const told = former === '' ? await findNoticeRecipient(services, userId) : { email: normaliseEmail(former) }
  const owner = { kind: 'email', value: email, user_id: userId, verified_at: now, created_at: now } as const
  if (!(await bindAddress(db, owner, normaliseEmail(former)))) throw new GatewayError('EMAIL_TAKEN')
  await updateEmail(db, userId, email)
  if (told) await queue.add(db, 'email-changed', told)
}
