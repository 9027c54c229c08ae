import { listWaitingCertificates, type WaitingCertificate } from '../../../db/found-users.js'
import type { ManagedUserRow } from '../../../db/managed-users.js'
import type { Services } from '../../../gateway/services/services.js'
import type { Contracts } from '../../../schemas/contracts.js'
import { maskIdcard } from '../profiles/certificates.js'
import { absolutePictureAddress, splitPictures } from '../profiles/picture-addresses.js'
import { withFreshTickets } from '../uploads/tickets.js'
import { describePicture, type ShownPicture } from './pictures.js'

type PictureServices = Pick<Services, 'db' | 'vault' | 'clock' | 'config'>
type Certificates = Contracts['manage.console.certificate.list']['result']

/** The certificate of a user, its number masked, with pictures to be opened for an hour. */
export async function describeCertificate(services: PictureServices, user: ManagedUserRow) {
  return {
    state: user.user_is_authentication ?? 0,
    realname: user.user_realname ?? '',
    idcard: maskIdcard(user.user_idcard ?? ''),
    pictures: await openPictures(services, user.user_id, user.user_idcard_images ?? ''),
    submit_time: user.certificate_time,
    review_time: user.review_time,
    reviewer_id: user.reviewer_id ?? 0,
    review_note: user.review_note ?? '',
  }
}

/** A page of the certificates that wait, in the order of their users' ids. */
export async function describeWaitingCertificates(
  services: PictureServices,
  { after, most }: { readonly after: number; readonly most: number },
): Promise<Certificates> {
  const rows = await listWaitingCertificates(services.db, { after, most: most + 1 })
  const shown = rows.slice(0, most)
  return {
    items: await Promise.all(shown.map((row) => describeWaiting(services, row))),
    next: rows.length > most ? (shown.at(-1)?.user_id ?? 0) : 0,
  }
}

async function describeWaiting(services: PictureServices, row: WaitingCertificate) {
  return {
    user_id: row.user_id,
    user_account: row.user_account ?? '',
    user_nickname: row.user_nickname,
    realname: row.user_realname,
    // Masked again: an imported row may still hold the number itself.
    idcard: maskIdcard(row.user_idcard),
    pictures: await openPictures(services, row.user_id, row.user_idcard_images),
    submit_time: row.submitted_at,
  }
}

async function openPictures(
  services: PictureServices,
  userId: number,
  stored: string,
): Promise<ShownPicture[]> {
  const addresses = splitPictures(stored).map((picture) =>
    absolutePictureAddress(picture, services.config.publicUrl),
  )
  const opened = await withFreshTickets(services, userId, addresses)
  return opened.map((address) => describePicture(services, address))
}
