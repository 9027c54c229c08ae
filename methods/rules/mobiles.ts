import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { GatewayError } from '../../gateway/errors.js'

/** A mobile number that fits its area's pattern. */
export interface Mobile {
  /** Country calling code without a plus. */
  readonly area: string
  /** National number, digits only. */
  readonly number: string
}

const mainland = /^1[3-9]\d{9}$/
const digits = /^\d{4,15}$/
const knownAreas = new Set<string>(getCountries().map((country) => getCountryCallingCode(country)))

/**
 * Reads a number as passport clients write it (passport.md §4): area empty or absent is 86; a number that itself
 * holds one `-` brings its area. 86 takes 1[3-9] and nine digits, other known areas their national pattern, unknown
 * areas digits only. Throws MOBILE_FORM.
 */
export function parseMobile(text: string, area = ''): Mobile {
  const parts = text.trim().split('-')
  const [ownArea = '', ownNumber = ''] = parts
  const isSplit = parts.length === 2
  const mobile = {
    area: (isSplit ? ownArea : area.trim() || '86').replace(/^\+/, ''),
    number: isSplit ? ownNumber : text.trim(),
  }
  if (!isWellFormed(mobile)) throw new GatewayError('MOBILE_FORM', { detail: 'mobile: a number of its area' })
  return mobile
}

function isWellFormed({ area, number }: Mobile): boolean {
  if (area === '86') return mainland.test(number)
  if (!/^[1-9]\d{0,3}$/.test(area) || !digits.test(number)) return false
  if (!knownAreas.has(area)) return true
  const parsed = parsePhoneNumberFromString(`+${area}${number}`)
  // A national prefix the caller left in would be dropped by the library; the stored form has none.
  return parsed?.isValid() === true && parsed.countryCallingCode === area && parsed.nationalNumber === number
}

/** `+8613912345678`: how a number is owned, sent to and counted, whatever its written form. */
export function toE164({ area, number }: Mobile): string {
  return `+${area}${number}`
}

/** How passport clients read a number: mainland bare, otherwise `area-number`. Empty for none. */
export function toPassportForm({ area, number }: Mobile): string {
  return number === '' || area === '86' ? number : `${area}-${number}`
}

/** A number as the user table keeps it. */
export function fromColumns(intl: string | null, number: string | null): Mobile {
  return { area: (intl ?? '').replace(/\D/g, '') || '86', number: number ?? '' }
}
