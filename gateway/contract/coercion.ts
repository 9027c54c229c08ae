import type { JsonSchema } from '../../schemas/contract-document.js'
import { readBoolean } from '../wire/booleans.js'
import { readDate } from '../wire/dates.js'

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
 * Turns one parameter's text into the type its contract declares. `undefined` means not given. What does not fit
 * stays text, for validation to refuse: `0x10` and ` 12 ` are no numbers here (account.md §3). A text that can't be
 * stored becomes null, which no contract takes.
 */
export type Coercion = (text: string) => unknown

/** The coercion of a parameter of this schema. */
export function compileCoercion(schema: JsonSchema, rules: CoercionRules): Coercion {
  const isNothing = rules.nothingWords ? (text: string) => nothingWords.has(text) : () => false
  const convert = conversionTo(schema, rules)
  if (convert === asText) return (text) => (isNothing(text) ? '' : asText(text))
  return (text) => (text === '' || isNothing(text) ? undefined : convert(text))
}

function conversionTo({ type, format }: JsonSchema, { timeZone }: CoercionRules): Coercion {
  if (format !== undefined) return (text) => readDate(text, format, timeZone)
  if (type === 'integer') return (text) => (wholeNumber.test(text) ? Number(text) : text)
  if (type === 'number') return (text) => (decimalNumber.test(text) ? Number(text) : text)
  if (type === 'boolean') return (text) => readBoolean(text) ?? text
  return asText
}

/**
 * SQLite gives a text back only up to a NUL, so none is let in; clients have no use for it. U+FFFD stands for bytes
 * that were no UTF-8 (a query in GBK) and for half a surrogate pair: what the user wrote is lost already.
 */
function asText(text: string): string | null {
  return text.includes('\0') || text.includes('\ufffd') ? null : text
}
