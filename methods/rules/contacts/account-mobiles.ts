import { parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/max'
import { fromColumns, type Mobile, parseMobile, toE164 } from './mobiles.js'

/**
 * Reads a number as the shop's clients write it: `+cc…`, `86…` or bare mainland; a `+` that arrived as a space counts
 * as one (account.md §7). Undefined for what is no mobile number of its area.
 */
export function readMobile(text: string): Mobile | undefined {
  const written = text.replace(/^ +(?=\d)/, '+').trim()
  if (/^1\d{10}$/.test(written)) return fitting('86', written)
  if (/^86\d{11}$/.test(written)) return fitting('86', written.slice(2))
  const parsed = /^\+\d{5,20}$/.test(written) ? parsePhoneNumberFromString(written) : undefined
  return parsed && takesTexts(parsed) ? fitting(parsed.countryCallingCode, parsed.nationalNumber) : undefined
}

/** A number as a user's row has it; some rows of the old shop hold it with its country code. */
export interface NumberColumns {
  readonly user_intl: string | null
  readonly user_mobile: string | null
}

/** The number of a user's row. Undefined for none, and for what is no mobile number. */
export function readColumns(columns: NumberColumns): Mobile | undefined {
  return readMobile(wholeNumber(columns))
}

/** The number of a user's row in E.164. Undefined for none, and for what is no mobile number. */
export function readE164(columns: NumberColumns): string | undefined {
  const mobile = readColumns(columns)
  return mobile && toE164(mobile)
}

/** What a user's row holds with its country code, be it a number or not; empty for none. */
export function wholeNumber({ user_intl, user_mobile }: NumberColumns): string {
  const { area, number } = fromColumns(user_intl, user_mobile)
  return number === '' || number.startsWith('+') ? number : `+${area}${number}`
}

/** How clients are shown it: whatever the row holds, without the country code. */
export function shownNumber({ user_intl, user_mobile }: NumberColumns): string {
  const { area, number } = fromColumns(user_intl, user_mobile)
  return number.startsWith(`+${area}`) ? number.slice(area.length + 1) : number
}

/** Not landlines and, above all, not numbers that their owners are paid for. */
function takesTexts(number: PhoneNumber): boolean {
  const type = number.getType()
  return type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE'
}

function fitting(area: string, number: string): Mobile | undefined {
  try {
    return parseMobile(number, area)
  } catch {
    return undefined
  }
}
