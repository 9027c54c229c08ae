import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { GatewayError } from '../../../gateway/outcome/errors.js'

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
 * holds one `-` brings its area. 86 takes 1[3-9] and nine digits, other known areas their national pattern, with or
 * without the zero that is dialled at home, unknown areas digits only. Throws MOBILE_FORM.
 */
export function parseMobile(text: string, area = ''): Mobile {
  const parts = text.trim().split('-')
  const [ownArea = '', ownNumber = ''] = parts
  const isSplit = parts.length === 2
  const mobile = {
    area: (isSplit ? ownArea : area.trim() || '86').replace(/^\+/, ''),
    number: isSplit ? ownNumber : text.trim(),
  }
  const number = nationalNumber(mobile)
  if (number === undefined) throw new GatewayError('MOBILE_FORM', { detail: 'mobile: a number of its area' })
  return { area: mobile.area, number }
}

/** The number as it is stored, or undefined when it does not fit its area. */
function nationalNumber({ area, number }: Mobile): string | undefined {
  if (area === '86') return mainland.test(number) ? number : undefined
  if (!/^[1-9]\d{0,3}$/.test(area) || !digits.test(number)) return undefined
  if (!knownAreas.has(area)) return number
  const parsed = parsePhoneNumberFromString(`+${area}${number}`)
  return parsed?.isValid() && parsed.countryCallingCode === area ? parsed.nationalNumber : undefined
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
