import type { JsonSchema } from '../schemas/contract-document.js'
import { readBoolean } from './wire-booleans.js'
import { readDate } from './wire-dates.js'

const wholeNumber = /^-?\d{1,17}$/
const decimalNumber = /^-?\d{1,17}(\.\d{1,17})?$/
const nothingWords = new Set(['null', 'undefined', 'NaN'])

export interface CoercionRules {
  /** Whether the texts null, undefined and NaN mean "not given" (account.md §3: the mobile app sends them). */
  readonly nothingWords: boolean
  /** IANA name: where times of epoch milliseconds are read. */
  readonly timeZone: string
}

/**
 * Turns one parameter's text into the type its contract declares. `undefined` means not given. A text that does
 * not fit stays text, for validation to refuse: `0x10` and ` 12 ` are no numbers here (account.md §3).
 */
export function coerce(text: string, schema: JsonSchema, rules: CoercionRules): unknown {
  const nothing = rules.nothingWords && nothingWords.has(text)
  if (schema.format !== undefined)
    return text === '' || nothing ? undefined : readDate(text, schema.format, rules.timeZone)
  if (schema.type === 'string') return nothing ? '' : text
  if (text === '' || nothing) return undefined
  if (schema.type === 'integer') return wholeNumber.test(text) ? Number(text) : text
  if (schema.type === 'number') return decimalNumber.test(text) ? Number(text) : text
  if (schema.type === 'boolean') return readBoolean(text) ?? text
  return text
}
