import type { JsonSchema } from '../../schemas/contract-document.js'
import { GatewayError } from '../outcome/errors.js'

/** That a text of a form is longer than it may be, in the words of account-beside.md §5. */
function tooLong(label: string, most: number): string {
  return `${label}不能超过${most}个字`
}

/** That a text of a form is not of its form. */
export function malformed(label: string): string {
  return `${label}格式不正确`
}

/** Refuses a field of a form in a sentence for the customer; `detail` is for developers. */
export function refuseField(schema: JsonSchema, value: unknown, detail: string): GatewayError {
  return new GatewayError('FIELD_REFUSED', { detail, reason: describeRefusal(schema, value) })
}

function describeRefusal({ 'x-label': label = '', maxLength }: JsonSchema, value: unknown): string {
  if (value === undefined) return `请填写${label}`
  const isTooLong =
    maxLength !== undefined && typeof value === 'string' && Array.from(value).length > maxLength
  return isTooLong ? tooLong(label, maxLength) : malformed(label)
}
