import type { JsonSchema } from '../../schemas/contract-document.js'

/** What a parameter wants, in a few words for developers: "integer from 0 to 65535", "text of at most 20 characters". */
export function describeExpectation(schema: JsonSchema): string {
  if (schema.enum) return `one of ${schema.enum.join(', ')}`
  if (schema.format !== undefined) return describeDate(schema.format)
  const kind = schema.type === 'string' ? 'text' : String(schema.type ?? 'value')
  return [kind, describeRange(schema), describeLength(schema), describePattern(schema)]
    .filter(Boolean)
    .join(' ')
}

function describeRange({ minimum, maximum }: JsonSchema): string | undefined {
  if (minimum !== undefined && maximum !== undefined) return `from ${minimum} to ${maximum}`
  if (minimum !== undefined) return `of at least ${minimum}`
  return maximum === undefined ? undefined : `of at most ${maximum}`
}

function describeLength({ minLength, maxLength }: JsonSchema): string | undefined {
  if (minLength !== undefined) return `of ${minLength} to ${maxLength ?? 'any number of'} characters`
  return maxLength === undefined ? undefined : `of at most ${maxLength} characters`
}

function describePattern({ pattern, description }: JsonSchema): string | undefined {
  return pattern === undefined ? undefined : `(${description ?? pattern})`
}

function describeDate(format: string): string {
  const day = 'yyyy-MM-dd, yyyyMMdd or yyyy/MM/dd'
  return `${format === 'date' ? `date as ${day}` : `time as ${day}, with HH:mm:ss or without`}, or epoch milliseconds`
}
