import { authentication, replaceCertificate } from '../../../db/user-certificates.js'
import { transaction } from '../../../db/transaction.js'
import { lockUser } from '../../../db/users.js'
import { findUserInfo, saveUserInfo } from '../../../db/user-info.js'
import { malformed } from '../../../gateway/contract/field-refusals.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { SignedInOrigin } from '../../../gateway/contract/method.js'
import { formatTime } from '../../../gateway/wire/time.js'
import type { Services } from '../../../gateway/services/services.js'
import { audit } from '../audit.js'
import { isPictureAddress, splitPictures } from './picture-addresses.js'

/** The first seventeen digits are weighed by these, modulo 11; the remainder names the last (ISO 7064 mod 11-2). */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const checkCharacters = '10X98765432'

/** Whether a number of an identity card has its check digit and was born on a real day, `today` at the latest. */
export function isIdcard(text: string, today: string): boolean {
  if (!/^[1-9]\d{16}[\dX]$/.test(text)) return false
  const sum = weights.reduce((total, weight, at) => total + weight * Number(text[at]), 0)
  const born = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`
  return text[17] === checkCharacters[sum % 11] && isRealDay(born) && born >= '1900-01-01' && born <= today
}

/** 31 February would be carried over into March. */
function isRealDay(text: string): boolean {
  const moment = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(moment.getTime()) && moment.toISOString().slice(0, 10) === text
}

/** `1****************4`: the first and the last character of a card's number (account.md §7); empty for none. */
export function maskIdcard(text: string): string {
  return text.length < 3 ? '*'.repeat(text.length) : `${text[0]}${'*'.repeat(text.length - 2)}${text.at(-1)}`
}

/** Whether what users say of themselves is waiting for its review or has passed it, so that they can't change it. */
export function isUnderReview(state: number): boolean {
  return state === authentication.waiting || state === authentication.passed
}

export interface Certificate {
  readonly realname: string
  readonly idcard: string
  /** Addresses, separated by commas. */
  readonly images: string
}

/**
 * Hands a certificate in for its review; what was handed in before and failed is replaced. Throws FIELD_REFUSED for a
 * card's number or a picture that can't be one, CERTIFICATE_PENDING while one waits or after one has passed.
 */
export async function submitCertificate(
  services: Services,
  certificate: Certificate,
  call: SignedInOrigin,
): Promise<void> {
  const { vault, clock } = services
  const { realname, idcard, images } = readCertificate(services, certificate)
  const { userId } = call.session
  const now = clock.now()
  const sealed = vault.seal('idcard', idcard)
  await transaction(services, async (services) => {
    const { db } = services
    if (!(await lockUser(db, userId))) throw new GatewayError('TOKEN_BROKEN')
    const info = await findUserInfo(db, userId)
    if (isUnderReview(info?.user_is_authentication ?? authentication.none))
      throw new GatewayError('CERTIFICATE_PENDING')
    await replaceCertificate(db, { user_id: userId, sealed_idcard: sealed, submitted_at: now })
    await saveUserInfo(db, userId, {
      user_realname: realname,
      user_idcard: maskIdcard(idcard),
      user_idcard_images: images,
      user_is_authentication: authentication.waiting,
    })
    await audit(services, call, { targetId: userId })
  })
}

function readCertificate(
  { clock, config }: Pick<Services, 'clock' | 'config'>,
  { realname, idcard, images }: Certificate,
): Certificate {
  const name = realname.trim()
  if (name === '') throw refused('userRealname: the name on the card', '请填写真实姓名')
  const number = idcard.trim().toUpperCase()
  if (!isIdcard(number, formatTime(clock.now(), config.timeZone).slice(0, 10)))
    throw refused('userIdcard: 18 characters, a real date and the check digit', malformed('身份证号码'))
  const pictures = splitPictures(images)
  if (!pictures.every(isPictureAddress))
    throw refused('userIdcardImages: addresses of pictures', malformed('身份证照片地址'))
  return { realname: name, idcard: number, images: pictures.join(',') }
}

function refused(detail: string, reason: string): GatewayError {
  return new GatewayError('FIELD_REFUSED', { detail, reason })
}
