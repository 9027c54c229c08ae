import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { type Mobile, toE164 } from './mobiles.js'

/**
 * The country whose mobile number this is, as `GB`, of a number written as `+447400123456`. Undefined for what no text
 * is sent to: landlines, numbers whose owners are paid for by the caller, satellite phones, which are of no country, and
 * areas that nobody has been given.
 */
export function countryOf(number: string): string | undefined {
  // Numbers of the mainland are known by their own pattern (passport.md §4): the library learns new ones late.
  if (number.startsWith('+86')) return 'CN'
  const parsed = parsePhoneNumberFromString(number)
  const type = parsed?.getType()
  return type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE' ? parsed?.country : undefined
}

/** The country of a number that may be texted (SMS_COUNTRIES). Throws MOBILE_FORM for any other. */
export function requireTextable({ config }: Pick<Services, 'config'>, mobile: Mobile): string {
  const country = countryOf(toE164(mobile))
  const isListed =
    country !== undefined && (config.smsCountries === 'any' || config.smsCountries.includes(country))
  if (!isListed)
    throw new GatewayError('MOBILE_FORM', { detail: 'mobile: a mobile number of a country of SMS_COUNTRIES' })
  return country
}
