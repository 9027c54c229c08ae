import type { JsonSchema } from '../../schemas/contract-document.js'
import { type CoercionRules, compileCoercion } from './coercion.js'
import type { RawParameters } from '../wire/query-string.js'

/** A parameter as it is read, before it is checked. */
export interface ReadableParameter {
  readonly name: string
  /** The names it is read under, the first that was sent counts. */
  readonly spellings: readonly string[]
  readonly schema: JsonSchema
  readonly required: boolean
}

/** The declared parameters that were sent, or have a default, coerced and in declared order. */
export type ParameterReader = (raw: RawParameters) => Record<string, unknown>

/**
 * Writes the reader of a contract out as a function of its own. V8 keeps what it learns of objects with the place in
 * the code that uses them: a loop would be one place for the parameters of all contracts, and takes twice as long.
 */
export function compileReader(
  parameters: readonly ReadableParameter[],
  rules: CoercionRules,
): ParameterReader {
  const lines = parameters.map(({ name, spellings, required }, at) => {
    const sent = spellings.map((spelling) => `raw[${JSON.stringify(spelling)}]`).join(' ?? ')
    // An empty text where one is needed counts as missing (passport.md §1).
    const isMissing = required ? `value === undefined || value === ''` : 'value === undefined'
    return `
      text = ${sent}
      value = text === undefined ? undefined : coercions[${at}](text)
      if (${isMissing}) value = defaults[${at}]
      if (value !== undefined) params[${JSON.stringify(name)}] = value`
  })
  const source = `return function readParameters(raw) {
    const params = {}
    let text, value${lines.join('')}
    return params
  }`
  // oxlint-disable-next-line no-implied-eval -- all that is written into it are our own contracts' names, quoted
  const make = new Function('coercions', 'defaults', source) as (
    coercions: readonly unknown[],
    defaults: readonly unknown[],
  ) => ParameterReader
  return make(
    parameters.map(({ schema }) => compileCoercion(schema, rules)),
    parameters.map(({ schema }) => schema.default),
  )
}
